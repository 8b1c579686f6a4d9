import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Phase } from '../session/protocol.ts';
import { App } from './App.tsx';
import './app.css';
import { LabContext } from './context.ts';
import {
  emptyShelf,
  evaluation,
  FakeSession,
  fakeMemory,
  metrics,
  opened,
  TEST_PRESETS,
} from './fakeSession.fixture.ts';
import { createLab } from './store/createLab.ts';
import type { Lab } from './store/labState.ts';
import type { Resumable } from './store/memory.ts';
import { readUrl } from './urlState.ts';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

function show(session: FakeSession, { hash = '', left = null }: { hash?: string; left?: Resumable | null } = {}): Lab {
  const { state } = readUrl(hash, TEST_PRESETS);
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(left), url: state });
  const element = document.createElement('div');
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <App />
    </LabContext>,
  );
  lab.getState().showRecorded(null);
  return lab;
}

function tellPhase(session: FakeSession, phase: Phase, detail = ''): void {
  session.tell({ type: 'phase', phase, detail, progress: null });
}

const button = (name: RegExp) => page.getByRole('button', { name });

describe('the transport', () => {
  it('trains, pauses and steps by its buttons', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Train/).click();
    await expect.poll(() => session.transport).toEqual(['open', 'play']);
    tellPhase(session, 'running');
    await expect.element(button(/^Step ×10/)).toBeDisabled();
    await button(/^Pause/).click();
    tellPhase(session, 'ready');
    await button(/^Step ×10/).click();
    await button(/^Step(?! ×)/).click();
    await expect.poll(() => session.transport).toEqual(['open', 'play', 'pause', 'step', 'step']);
    expect(session.asked.filter((request) => request.type === 'step').map((request) => request.count)).toEqual([10, 1]);
  });

  it('obeys its keys, but not while something is typed', async () => {
    const session = new FakeSession();
    show(session);
    await expect.element(button(/^Train/)).toBeVisible();
    await userEvent.keyboard('.');
    await expect.poll(() => session.transport).toEqual(['open', 'step']);
    tellPhase(session, 'ready');
    await userEvent.keyboard(' ');
    await expect.poll(() => session.transport.at(-1)).toBe('play');
    tellPhase(session, 'running');
    await userEvent.keyboard(' ');
    await expect.poll(() => session.transport.at(-1)).toBe('pause');
    const asked = session.transport.length;
    await page.getByRole('textbox', { name: 'Seed' }).click();
    await userEvent.keyboard('., r');
    expect(session.transport).toHaveLength(asked);
  });

  it('asks before a run with steps is reset', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Step(?! ×)/).click();
    session.tell({ type: 'metrics', steps: [metrics(1)], stepsPerSecond: 3 });
    await button(/^Reset/).click();
    await button(/^Keep it$/).click();
    expect(session.transport).not.toContain('reset');
    await button(/^Reset/).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => session.transport).toContain('reset');
    await expect.element(page.getByText('step 0 / 250')).toBeVisible();
  });

  it('shows the step, the speed, the time left and the device', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Train/).click();
    await expect.element(page.getByText('CPU', { exact: true })).toBeVisible();
    tellPhase(session, 'running');
    session.tell({ type: 'metrics', steps: [metrics(50)], stepsPerSecond: 5 });
    await expect.element(page.getByText('step 50 / 250')).toBeVisible();
    // 200 steps at 5 a second
    await expect.element(page.getByText('about 40 s left')).toBeVisible();
    await expect.element(page.getByText('5 steps/s')).toBeVisible();
  });

  it('offers to cancel what takes long', async () => {
    const session = new FakeSession();
    show(session);
    tellPhase(session, 'compiling', 'task 3 of 16');
    await expect.element(page.getByText(/task 3 of 16/)).toBeVisible();
    await button(/^Cancel$/).click();
    expect(session.transport).toEqual(['cancel']);
  });

  it('does not move for an evaluation, which Pause gives up', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Train/).click();
    tellPhase(session, 'evaluating', 'Evaluating at step 50');
    await expect.element(button(/^Pause/)).toBeEnabled();
    expect(button(/^Cancel$/).elements()).toHaveLength(0);
  });

  it('says what evolution is doing while the bar stays where training is', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Train/).click();
    session.tell({ type: 'metrics', steps: [metrics(50)], stepsPerSecond: 5 });
    session.tell({ type: 'phase', phase: 'evolving', detail: 'Evolving: walking task 3 of 48', progress: 0.9 });
    await expect.element(page.getByText('evolving the library: walking task 3 of 48')).toBeVisible();
    expect((page.getByRole('progressbar').element() as HTMLProgressElement).value).toBeCloseTo(50 / 250, 9);
    await expect.element(button(/^Pause/)).toBeEnabled();
  });
});

describe('messages', () => {
  it('an error says what happened and what to do until it is dismissed', async () => {
    const session = new FakeSession();
    show(session);
    session.tell({
      type: 'error',
      error: { name: 'NonFinite', message: 'The loss is not a number.', hint: 'Lower the rate.' },
    });
    await expect
      .element(page.getByRole('alert').filter({ hasText: 'The loss is not a number. Lower the rate.' }))
      .toBeVisible();
    await button(/^Dismiss$/).click();
    await expect.element(page.getByText('The loss is not a number.')).not.toBeInTheDocument();
  });

  it('an address that cannot be used names the field', async () => {
    const lab = show(new FakeSession());
    lab.getState().applyUrl(readUrl('#objective.beta=much', TEST_PRESETS));
    await expect.element(page.getByText(/objective\.beta holds "much"/)).toBeVisible();
  });

  it('a run that was left is offered', async () => {
    const session = new FakeSession({ open: ({ config }) => opened(config, { step: 50, steps: [metrics(50)] }) });
    const draft = { version: 1, suites: [{ name: 'diamond' }] };
    show(session, { left: { name: 'amber-finch', written: { preset: null, draft }, step: 50, total: 250 } });
    await expect.element(page.getByText(/amber-finch is kept at step 50 of 250/)).toBeVisible();
    await button(/^Resume$/).click();
    await expect.poll(() => session.asked[0]).toMatchObject({ type: 'open', resume: true });
    await expect.element(button(/^Resume$/)).not.toBeInTheDocument();
  });
});

describe('settings', () => {
  it('a field that differs from the last run is marked, and undone', async () => {
    const session = new FakeSession();
    show(session);
    await button(/^Step(?! ×)/).click();
    await expect.element(button(/^Play/)).toBeVisible();
    await page.getByRole('textbox', { name: 'Seed' }).fill('7');
    await expect.element(page.getByRole('textbox', { name: /^Seed \(differs/ })).toHaveValue('7');
    await expect.element(page.getByText(/Train starts a new run/)).toBeVisible();
    await page.getByRole('textbox', { name: 'Huber limit' }).fill('wide');
    await expect.element(page.getByText('• 1 changed').first()).toBeVisible();
    await button(/^Undo change$/).click();
    await expect.element(button(/^Train/)).toBeVisible();
    await button(/^Undo change$/).click();
    await expect.element(page.getByRole('textbox', { name: 'Seed', exact: true })).toHaveValue('');
    await expect.element(button(/^Play/)).toBeVisible();
  });

  it('a number may be typed in any notation; what is wrong is named at the field', async () => {
    const lab = show(new FakeSession());
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('');
    await rate.click();
    await userEvent.keyboard('3e-3');
    await expect.element(rate).toHaveValue('3e-3');
    expect(lab.getState().resolved).toMatchObject({ optimiser: { lr: 0.003 } });
    await rate.fill('-1');
    await expect.element(rate).toHaveAttribute('aria-invalid', 'true');
    await expect.element(page.getByText('optimiser.lr holds -1; it may hold a number from 0 to 10')).toBeVisible();
  });

  it('another suite brings its own fields', async () => {
    show(new FakeSession());
    await page.getByRole('combobox', { name: 'Suite' }).selectOptions('tree');
    await expect.element(page.getByRole('textbox', { name: 'Branching' })).toBeVisible();
    await expect.element(page.getByRole('textbox', { name: 'R0' })).not.toBeInTheDocument();
  });

  it('a teacher can hide them, and a reader bring them back', async () => {
    show(new FakeSession(), { hash: '#controls=hide' });
    await expect.element(page.getByRole('complementary', { name: 'Settings' })).not.toBeInTheDocument();
    await button(/^Show them$/).click();
    await expect.element(page.getByRole('complementary', { name: 'Settings' })).toBeVisible();
  });
});

describe('sharing', () => {
  it('copies an address that brings back settings and view', async () => {
    const copy = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    const lab = show(new FakeSession());
    lab.getState().setField('seed', 11);
    lab.getState().setView('credit');
    await button(/^Share$/).click();
    await expect.element(button(/^Copied$/)).toBeVisible();
    const read = readUrl(new URL(copy.mock.calls[0][0]).hash, TEST_PRESETS);
    expect(read).toMatchObject({
      problems: [],
      state: { preset: TEST_PRESETS[0].id, draft: { seed: 11 }, view: 'credit' },
    });
    copy.mockRestore();
  });

  it('shows the address where the browser does not copy', async () => {
    const copy = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
    show(new FakeSession());
    await button(/^Share$/).click();
    await expect.element(page.getByText(new RegExp(`#preset=${TEST_PRESETS[0].id}`))).toBeVisible();
    copy.mockRestore();
  });
});

describe('curves', () => {
  it('say their numbers in words, stand in a table, and are read together at one step', async () => {
    const session = new FakeSession({
      open: ({ config }) =>
        opened(config, { tasks: [{ suite: 'hypergrid', split: 'train', index: 0, text: 'Walk.' }] }),
      inspect: () => {
        throw new Error('not in this test');
      },
    });
    const lab = show(session);
    await lab.getState().open(false);
    session.tell({ type: 'metrics', steps: [metrics(1), metrics(50)], stepsPerSecond: 1 });
    session.tell({ type: 'evaluation', evaluations: [evaluation(0, { l1: 1.4 })] });
    session.tell({ type: 'evaluation', evaluations: [evaluation(50, { l1: 0.2 })] });
    const distance = page.getByRole('region', { name: 'Distance to the target (L1)', exact: true });
    await expect.element(distance.getByText(/is 0.2 of at most 2, down from 1.4 at step 0/)).toBeVisible();
    await expect.element(distance.getByText('training 0.2')).toBeVisible();
    await distance.getByText('Table').click();
    await expect.element(distance.getByRole('row', { name: '0 1.4 0' })).toBeVisible();
    lab.getState().hover(49);
    await expect.element(distance.getByText('training 1.4')).toBeVisible();
  });
});

describe('the chosen task', () => {
  it('has its right answers beside it, as text, the first three and how many more', async () => {
    const place = { suite: 'own-tasks', split: 'train' } as const;
    const answers = ['<b>Joyce</b>', 'James Joyce', `J. ${'A. '.repeat(60)}Joyce`, 'Joyce, J.', 'Jim'];
    const session = new FakeSession({
      open: ({ config }) =>
        opened(config, {
          tasks: [
            { ...place, index: 0, text: 'Who wrote Dubliners?', answers },
            { ...place, index: 1, text: 'Make 24.' },
          ],
        }),
      inspect: () => {
        throw new Error('not in this test');
      },
    });
    const lab = show(session);
    await lab.getState().open(false);
    const right = page.getByText(/^Right answer:/);
    await expect.element(right).toHaveTextContent('Right answer: <b>Joyce</b> or James Joyce or J. A. A.');
    await expect.element(right).toHaveTextContent(/… or 2 more$/);
    lab.getState().chooseTask({ split: 'train', index: 1 });
    await expect.element(page.getByText('2. Make 24.')).toBeInTheDocument();
    await expect.element(right).not.toBeInTheDocument();
  });
});

describe('without a run', () => {
  it('the page says what to do', async () => {
    show(new FakeSession());
    await expect.element(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
  });

  it('the tabs are reached by arrow keys', async () => {
    const lab = show(new FakeSession());
    await page.getByRole('tab', { name: 'Flow' }).click();
    await userEvent.keyboard('{ArrowRight}');
    expect(lab.getState().view).toBe('credit');
    await expect.element(page.getByRole('tab', { name: 'Credit' })).toHaveFocus();
  });
});

it('a task of the address that the run does not have is said to be missing, and another is shown', async () => {
  const tasks = [{ suite: 'diamond', split: 'train' as const, index: 0, text: 'the only task' }];
  const never = (): never => {
    throw new Error('no view in this test');
  };
  const session = new FakeSession({ open: ({ config }) => opened(config, { tasks }), inspect: never, credit: never });
  show(session, { hash: '#task=heldOut.9999' });
  await button(/^Train/).click();
  await expect.poll(() => session.transport).toEqual(['open', 'play']);
  await expect.element(page.getByText(/asks for task heldOut\.9999, which this run does not have/)).toBeVisible();
});
