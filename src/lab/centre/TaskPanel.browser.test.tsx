import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { followWalk } from '../../skills/followWalk.ts';
import { household } from '../../worlds/household/index.ts';
import { twoHopQaLive } from '../../worlds/twoHopQa/live.ts';
import '../app.css';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, opened, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { creditView, greedyWalk, taskView } from '../flow/taskView.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { Centre } from './Centre.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

const enumerated = { ...taskView(household), step: 0 };
/** What comes of recalling and searching is known, of planning and answering not. */
const live = {
  ...taskView(twoHopQaLive, { steps: 1 }, 0.5, {
    get: ({ act }) => (act === 'plan' || act === 'answer' ? undefined : 'Lima'),
  }),
  step: 0,
};

/** A lab whose session knows one task; `take-heat` came from a walk of it with these actions. */
async function show(view: typeof enumerated, tab: 'flow' | 'credit', actions: readonly string[]) {
  const { suite, graph } = view;
  const session = new FakeSession({
    open: ({ config }) => opened(config, { tasks: [{ suite, split: 'train', index: 0, text: graph.text }] }),
    inspect: () => view,
    credit: ({ walk }) => {
      if (walk === undefined) return creditView(view, []);
      const found = followWalk(graph, walk);
      if (found.edges === null) return { ...creditView(view, []), walk: { actions: walk, found, credited: null } };
      const [credited] = creditView(view, [found.edges]).trajectories;
      return {
        ...creditView(view, []),
        walk: { actions: walk, found, credited: { ...credited, unexplored: !found.known } },
      };
    },
  });
  const url = readUrl('#view=skills', TEST_PRESETS).state;
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url });
  await lab.getState().open(false);
  const source = { suite, split: 'train', task: 0, text: graph.text, actions, first: 1, credit: 1 } as const;
  lab.getState().showWalk(tab, { split: 'train', index: 0 }, { skill: 'take-heat', source, length: 2 });
  const element = document.createElement('div');
  element.style.width = '900px';
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <Centre />
    </LabContext>,
  );
  return lab;
}

const note = () => page.getByRole('region', { name: 'Where take-heat came from' });

describe('a walk that a skill came from', () => {
  const { graph, exact } = enumerated;
  const edges = greedyWalk(graph, exact.logPF, 0);
  const actions = edges.map((edge) => graph.actionText[graph.action[edge]]);

  it('is told step by step in Flow and credited in Credit, until it is hidden', async () => {
    const lab = await show(enumerated, 'flow', actions);
    await expect.element(note()).toHaveTextContent('its plan covers steps 2 and 3, whose credit was +1.00 then.');
    expect(
      note()
        .getByRole('listitem')
        .elements()
        .map((each) => each.textContent),
    ).toEqual(actions.map((action, i) => `${i + 1} ${action}${i === 1 || i === 2 ? ' (covered by the plan)' : ''}`));
    expect(document.querySelectorAll('.flow-walk > g')).toHaveLength(edges.length);
    await page.getByRole('tab', { name: 'Credit' }).click();
    await expect.element(page.getByRole('radio', { name: /^Where take-heat came from/ })).toBeChecked();
    await expect.element(note().getByText('its plan covers steps 2 and 3', { exact: false })).toBeVisible();
    await note().getByRole('button', { name: 'Hide this walk' }).click();
    await expect.element(note()).not.toBeInTheDocument();
    await expect.element(page.getByRole('tab', { name: 'Credit' })).toHaveFocus();
    await expect.element(page.getByText(/No walk was sampled/)).toBeVisible();
    expect(lab.getState()).toMatchObject({ view: 'credit', chosenTask: { split: 'train', index: 0 } });
  });

  it('leads back to its skill, with the keyboard at the tab', async () => {
    const lab = await show(enumerated, 'credit', actions);
    await note().getByRole('button', { name: 'Back to the skill' }).click();
    expect(lab.getState()).toMatchObject({ view: 'skills', chosenSkill: 'take-heat' });
    await expect.element(page.getByRole('tab', { name: 'Skills' })).toHaveFocus();
  });

  it.each(['flow', 'credit'] as const)('that cannot be taken any more is told in words in %s', async (view) => {
    await show(enumerated, view, [actions[0], 'go-put: go <b>there</b>, then put it', ...actions.slice(1)]);
    await expect
      .element(note())
      .toHaveTextContent(
        'cannot be taken any more: its step 2, “go-put: go <b>there</b>, then put it”, is not possible there',
      );
    expect(document.querySelector('.flow-walk')).toBeNull();
    expect(page.getByRole('radio', { name: /came from/ }).elements()).toEqual([]);
    await expect.element(page.getByText(view === 'flow' ? /^From the start/ : /No walk was sampled/)).toBeVisible();
  });

  it.each(['flow', 'credit'] as const)('that leads to what is not known says so in %s', async (view) => {
    await show(live, view, ['search', 'answer']);
    await expect.element(note()).toHaveTextContent('What comes of step 2 the model was not asked yet.');
    if (view === 'flow') expect(document.querySelectorAll('.flow-walk > g')).toHaveLength(2);
    else await expect.element(page.getByText(/^This walk leads to what the model was not asked yet/)).toBeVisible();
  });

  it('says that its credit is not known where its run is not open', async () => {
    const lab = await show(enumerated, 'flow', actions);
    await expect.element(note().getByText('its plan covers', { exact: false })).toBeVisible();
    lab.setState({ phase: 'closed' });
    await page.getByRole('tab', { name: 'Credit' }).click();
    await expect.element(note()).toHaveTextContent('its run is not open here, so its credit is not known');
  });
});
