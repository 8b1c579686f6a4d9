import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { LibraryChange } from '../../skills/libraryChange.ts';
import type { ConfigInput } from '../../training/config.ts';
import '../app.css';
import { LabContext } from '../context.ts';
import {
  emptyShelf,
  evaluation,
  FakeSession,
  fakeMemory,
  metrics,
  opened,
  TEST_PRESETS,
} from '../fakeSession.fixture.ts';
import { draftOf } from '../settings/draft.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { evolvingSettings } from './evolving.ts';
import { EVOLVED, openedEvolved } from './evolvingRun.fixture.ts';
import { SkillsPanel } from './SkillsPanel.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

async function show(session: FakeSession, config: ConfigInput | null = EVOLVED.config, address = '') {
  const url = readUrl(`#view=skills${address}`, TEST_PRESETS).state;
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url });
  lab.getState().showRecorded(null);
  if (config !== null) {
    lab.getState().setSettings(null, draftOf(config));
    await lab.getState().open(false);
    session.tell({ type: 'phase', phase: 'ready', detail: '', progress: null });
  }
  const element = document.createElement('div');
  element.style.width = '900px';
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <SkillsPanel />
    </LabContext>,
  );
  return lab;
}

/** The run of the fixture, with changes by hand remembered. */
function evolvedSession(): FakeSession {
  return new FakeSession({ open: () => openedEvolved() });
}

const changesOf = (session: FakeSession): LibraryChange[] =>
  session.asked.flatMap((request) => (request.type === 'library' ? [request.change] : []));
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const [clean, put, heat] = EVOLVED.library;

describe('where there is no library', () => {
  it('says what evolution is and opens settings with it', async () => {
    const lab = await show(new FakeSession(), null);
    await expect.element(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
    await button(/^Open “.*” with evolution$/).click();
    expect(lab.getState().draft).toEqual(evolvingSettings(TEST_PRESETS).draft);
    await expect.element(button('Train')).toBeVisible();
  });

  it('says so of a run without evolution', async () => {
    await show(new FakeSession(), { version: 1, suites: [{ name: 'diamond' }] });
    await expect.element(page.getByRole('heading', { name: 'This run has no skills' })).toBeVisible();
  });

  it('says what an evolving run waits for', async () => {
    const session = new FakeSession({
      open: ({ config }) => opened(config, { evaluations: [evaluation(0, { suite: 'household', attainable: 0.4 })] }),
    });
    await show(session);
    session.tell({
      type: 'metrics',
      steps: Array.from({ length: 20 }, (_, i) => metrics(i + 1, i < 10 ? 2 : 1)),
      stepsPerSecond: 9,
    });
    await expect.element(page.getByText(/waits for its first phase/)).toBeVisible();
    await expect.element(page.getByText(/the loss fell by 50%/)).toBeVisible();
    await expect.element(page.getByText(/60% of the training tasks cannot be solved/)).toBeVisible();
    session.tell({ type: 'phase', phase: 'evolving', detail: 'Evolving: walking task 3 of 48', progress: 0.04 });
    await expect.element(page.getByRole('heading', { name: /a phase is being held/ })).toBeVisible();
    await expect.element(page.getByText('walking task 3 of 48')).toBeVisible();
  });
});

describe('the library', () => {
  it('is told in a sentence, as cards and as a tree, and what is chosen is shown in full', async () => {
    await show(evolvedSession());
    await expect.element(page.getByText(/^3 skills, invoked in 11% of all steps/)).toBeVisible();
    await button(heat.name).click();
    await expect.element(page.getByRole('heading', { level: 2, name: heat.name })).toBeVisible();
    await expect.element(page.getByText(/cannot be told from zero/)).toBeVisible();
    await expect.element(page.getByRole('table', { name: /nats/ }).getByRole('row', { name: /^g / })).toBeVisible();
    await button(/^Tree/).click();
    const tree = page.getByRole('list', { name: 'Capabilities' });
    await expect.element(tree.getByText('2 kinds of first act')).toBeVisible();
    await tree.getByRole('button', { name: put.name }).click();
    await expect.element(page.getByRole('heading', { level: 2, name: put.name })).toBeVisible();
  });

  it('shows the skill and the list that the address names, and puts what a person chooses into the state', async () => {
    const lab = await show(evolvedSession(), EVOLVED.config, `&skill=${heat.name}&list=tree`);
    await expect.element(page.getByRole('heading', { level: 2, name: heat.name })).toBeVisible();
    const tree = page.getByRole('list', { name: 'Capabilities' });
    await tree.getByRole('button', { name: put.name }).click();
    await button(/^Log/).click();
    expect(lab.getState()).toMatchObject({ chosenSkill: put.name, skillList: 'log' });
  });

  it('shows its first skill where the address names one that is not there, and says so', async () => {
    const lab = await show(evolvedSession(), EVOLVED.config, '&skill=never-there');
    await expect
      .element(page.getByText(`There is no skill “never-there” in the library; ${clean.name} is shown.`))
      .toBeVisible();
    await expect.element(page.getByRole('heading', { level: 2, name: clean.name })).toBeVisible();
    await button(put.name).click();
    await expect.element(page.getByText(/^There is no skill/)).not.toBeInTheDocument();
    lab.getState().applyUrl(readUrl(`#view=skills&skill=${heat.name}`, TEST_PRESETS));
    await expect.element(page.getByRole('heading', { level: 2, name: heat.name })).toBeVisible();
  });

  it('opens the walk of a stretch in Flow and in Credit', async () => {
    const lab = await show(evolvedSession());
    const [source] = clean.lineage.sources;
    for (const view of ['Flow', 'Credit']) {
      await button(`${view} of ${source.text}`).first().click();
      expect(lab.getState()).toMatchObject({
        view: view.toLowerCase(),
        chosenTask: { split: 'train', index: source.task },
        sourceWalk: { skill: clean.name, source, length: clean.plan.length },
      });
    }
  });

  it('shows text from outside as text', async () => {
    const evil = { ...clean, description: '<img src=x onerror=alert(1)>', plan: ['take <b>{a}</b>'] };
    await show(new FakeSession({ open: () => openedEvolved({ library: { skills: [evil], forbidden: [] } }) }));
    await expect.element(page.getByText('<img src=x onerror=alert(1)>').first()).toBeVisible();
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('the lineage', () => {
  it('shows an event by mouse and by keyboard, with what the gate said', async () => {
    await show(evolvedSession());
    await button(/^Step 290\. Created: go-heat$/).click();
    const card = page.getByRole('region', { name: 'Chosen event' });
    await expect.element(card.getByText(/more than the .* asked for: it gains/)).toBeVisible();
    await expect.element(button(/^Step 290\. Created: go-heat$/)).toHaveAttribute('aria-pressed', 'true');
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(card.getByRole('heading', { name: /^Turned down: to create/ })).toBeVisible();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(card.getByRole('heading', { name: 'Rolled back: go-heat' })).toBeVisible();
    await card.getByRole('button', { name: 'Close' }).click();
    await expect.element(card).not.toBeInTheDocument();
  });

  it('reads at the step of the other curves', async () => {
    const lab = await show(evolvedSession());
    const key = page.getByRole('list', { name: 'Key' });
    await expect.element(key.getByText(/^best possible with the library 0\.6/)).toBeVisible();
    lab.getState().hover(0);
    await expect.element(key.getByText('best possible with the library 0.344')).toBeVisible();
  });

  it('lists what was turned down and why, and everything that happened', async () => {
    await show(evolvedSession());
    await button(/^Turned down/).click();
    await expect.element(page.getByText(/^59 turned down: 37 because it changes too little/)).toBeVisible();
    const table = page.getByRole('region', { name: 'Table of what was turned down' });
    expect(table.getByRole('img', { name: /^Gain/ }).elements()).toHaveLength(59);
    await button(/^Log/).click();
    const log = page.getByRole('region', { name: 'Table of events' });
    expect(log.getByRole('row').elements()).toHaveLength(1 + 7);
    await button('all').click();
    expect(log.getByRole('row').elements()).toHaveLength(1 + EVOLVED.events.length);
  });
});

describe('by hand', () => {
  it('a skill is pinned, removed and forbidden', async () => {
    const session = evolvedSession();
    await show(session);
    for (const name of ['Pin', 'Remove', 'Remove and forbid']) await button(name).click();
    await expect
      .poll(() => changesOf(session))
      .toEqual([
        { kind: 'pin', name: clean.name, pinned: true },
        { kind: 'remove', name: clean.name, forbid: false },
        { kind: 'remove', name: clean.name, forbid: true },
      ]);
  });

  it('a skill is written, checked while it is, and edited', async () => {
    const session = evolvedSession();
    await show(session);
    await button('Add a skill').click();
    const form = page.getByRole('form', { name: 'A new skill' });
    await form.getByLabelText('Plan').fill('take {a} from the {b}');
    await form.getByLabelText('Name').fill('Take It');
    await expect.element(form.getByText(/lower-case letters/)).toBeVisible();
    await expect.element(form.getByRole('button', { name: 'Add it' })).toBeDisabled();
    await form.getByLabelText('Name').fill('take-it');
    await form.getByLabelText('Plan').fill('take {a}{b}');
    await expect.element(form.getByText(/^Line 1 of the plan/)).toBeVisible();
    await form.getByLabelText('Plan').fill('take {a} from the {b}\nheat {a} with the {c}');
    await form.getByRole('button', { name: 'Add it' }).click();
    await expect.element(form).not.toBeInTheDocument();
    await button('Edit').click();
    await page
      .getByRole('form', { name: `Edit ${clean.name}` })
      .getByLabelText('Pitfall')
      .fill('Hot.');
    await button('Save').click();
    const { name, description, plan, constraint, allows } = clean;
    await expect
      .poll(() => changesOf(session))
      .toEqual([
        {
          kind: 'add',
          draft: {
            name: 'take-it',
            description: '',
            plan: ['take {a} from the {b}', 'heat {a} with the {c}'],
            pitfall: '',
            constraint: '',
            allows: [],
          },
        },
        { kind: 'edit', name, draft: { name, description, plan, pitfall: 'Hot.', constraint, allows } },
      ]);
  });

  it('what is refused keeps what was written and says why', async () => {
    const session = new FakeSession({
      open: () => openedEvolved(),
      library: () => {
        throw Object.assign(new Error('The library is full.'), { name: 'LibraryFull', hint: 'Remove one.' });
      },
    });
    const lab = await show(session);
    await button('Edit').click();
    await page.getByLabelText('Pitfall').fill('Hot.');
    await button('Save').click();
    await expect
      .poll(() => lab.getState().messages)
      .toMatchObject([{ text: 'The library is full.', hint: 'Remove one.' }]);
    await expect.element(page.getByLabelText('Pitfall')).toHaveValue('Hot.');
  });

  it('the library goes back to before an event after a question', async () => {
    const session = evolvedSession();
    await show(session);
    const number = EVOLVED.events.findIndex(({ kind }) => kind === 'rollback');
    await button(/^Step 330\. Rolled back/).click();
    await button('Roll back to before it').click();
    const changes = EVOLVED.events.slice(number).filter(({ kind }) => kind !== 'reject').length;
    await expect.element(page.getByText(`${changes} changes since step 330 are taken back`)).toBeVisible();
    expect(changesOf(session)).toEqual([]);
    await button('Roll back').click();
    await expect.poll(() => changesOf(session)).toEqual([{ kind: 'rollback', event: number }]);
  });

  it('the last change can be undone, with the plan that it forbade; forbidden plans can be allowed again', async () => {
    const session = evolvedSession();
    await show(session);
    const forbidden = clean.plan.join('\n');
    const event = {
      step: 700,
      kind: 'manual',
      proposed: 'manual',
      by: 'person',
      skill: clean,
      removed: [clean],
      added: [],
      evidence: {
        reason: 'Removed by hand, and its plan forbidden.',
        when: null,
        cluster: null,
        diagnostics: null,
        sameness: null,
      },
      gate: null,
      attainable: { before: 0.6, after: 0.5 },
    } as const;
    session.tell({
      type: 'library',
      library: { skills: [put, heat], forbidden: [forbidden] },
      events: [...EVOLVED.events, event],
    });
    await expect.element(page.getByText(/Removed by hand, and its plan forbidden/).first()).toBeVisible();
    await button('Undo').click();
    await button('Allow again').click();
    await expect
      .poll(() => changesOf(session))
      .toEqual([
        { kind: 'rollback', event: EVOLVED.events.length },
        { kind: 'allow', plan: forbidden },
        { kind: 'allow', plan: forbidden },
      ]);
    await button(/^Log/).click();
    await button('by hand').click();
    await expect.element(page.getByRole('row', { name: /By hand: clean-open-put a person/ })).toBeVisible();
  });

  it('nothing can be changed where no run is open, and the reason stands there', async () => {
    const session = evolvedSession();
    await show(session);
    session.tell({ type: 'phase', phase: 'closed', detail: '', progress: null });
    await expect.element(page.getByText('No run is open at the moment.')).toBeVisible();
    await expect.element(button('Add a skill')).toBeDisabled();
    await expect.element(button('Remove')).toBeDisabled();
  });
});

describe('files', () => {
  it('with skills become settings, and what is wrong with one is told', async () => {
    const lab = await show(evolvedSession());
    const field = page.getByLabelText('Files of skills to import');
    const draft = { name: 'take-it', plan: ['take {a} from the {b}'] };
    await userEvent.upload(field, new File([JSON.stringify([draft])], 'mine.json'));
    await expect.poll(() => lab.getState().draft.library).toMatchObject([draft]);
    expect(lab.getState().messages[0].text).toBe('The settings begin with this skill now: take-it.');
    await userEvent.upload(field, new File(['[{"name":"x"}]'], 'bad.json'));
    await expect.poll(() => lab.getState().messages.at(-1)?.text).toMatch(/^bad\.json, skill 1\. plan/);
  });
});
