import { describe, expect, it, vi } from 'vitest';
import type { CreditView } from '../../session/protocol.ts';
import type { Library } from '../../skills/skill.ts';
import { evaluation, FakeSession, fakeMemory, metrics, opened, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { EVOLVED } from '../skills/evolvingRun.fixture.ts';
import { readUrl } from '../urlState.ts';
import { createLab } from './createLab.ts';
import { type Lab, shownTask, startsAnew } from './labState.ts';
import { type SourceWalk, secondsLeft, stepsDone } from './runState.ts';

function labWith(session: FakeSession, memory = fakeMemory()): Lab {
  return createLab({ session, presets: TEST_PRESETS, memory, url: readUrl('', TEST_PRESETS).state });
}

const now = (lab: Lab) => lab.getState();

describe('transport', () => {
  it('loading trains and compiles nothing', () => {
    const session = new FakeSession();
    labWith(session);
    expect(session.asked).toEqual([]);
  });

  it('play opens the settings once, and then only goes on', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).play();
    await now(lab).pause();
    await now(lab).play();
    expect(session.transport).toEqual(['open', 'play', 'pause', 'play']);
  });

  it('ten steps are asked for at once, and not while training goes on', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).step(10);
    session.tell({ type: 'phase', phase: 'running', detail: '', progress: null });
    await now(lab).step(1);
    expect(session.asked.filter((request) => request.type === 'step')).toEqual([{ type: 'step', count: 10 }]);
  });

  it('play after a change of settings starts a new run and keeps the one before for comparison', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).step(1);
    const name = now(lab).run?.name;
    now(lab).setField('seed', 5);
    expect(startsAnew(now(lab))).toBe(true);
    await now(lab).play();
    expect(session.transport).toEqual(['open', 'step', 'open', 'play']);
    expect(now(lab).previous?.name).toBe(name);
  });

  it('reset empties the run, with the steps that were told meanwhile, and keeps a device that came by it', async () => {
    const device = { backend: 'cpu', adapter: 'CPU', software: false } as const;
    const session = new FakeSession({
      reset: () => {
        session.tell({ type: 'metrics', steps: [metrics(41)], stepsPerSecond: 1 });
        session.tell({ type: 'device', device });
        return null;
      },
    });
    const lab = labWith(session);
    await now(lab).open(false);
    session.tell({ type: 'metrics', steps: [metrics(1), metrics(40)], stepsPerSecond: 1 });
    await now(lab).reset();
    expect(now(lab).run?.steps).toEqual([]);
    expect(now(lab).run?.device).toBe(device);
  });

  it('reset takes over the library that the session goes back to', async () => {
    const first: Library = { skills: [], forbidden: [] };
    const session = new FakeSession({
      reset: () => {
        session.tell({ type: 'library', library: first, events: [] });
        return null;
      },
    });
    const lab = labWith(session);
    await now(lab).open(false);
    session.tell({ type: 'library', library: { skills: [], forbidden: ['go {a}'] }, events: [] });
    await now(lab).reset();
    expect(now(lab).run?.library).toBe(first);
  });

  it('changes of the library are asked for one after the other, and what is refused is told with a hint', async () => {
    const session = new FakeSession({
      library: ({ change }) => {
        if (change.kind !== 'allow') return null;
        throw Object.assign(new Error('This plan was forbidden.'), { hint: 'The library is as it was.' });
      },
    });
    const lab = labWith(session);
    await now(lab).open(false);
    const pin = { kind: 'pin', name: 'take-heat', pinned: true } as const;
    const asking = now(lab).changeLibrary(pin);
    expect(now(lab).changing).toBe(true);
    expect(await now(lab).changeLibrary(pin), 'one is under way').toBe(false);
    expect(await asking).toBe(true);
    expect(await now(lab).changeLibrary({ kind: 'allow', plan: 'go {a}' }, pin)).toBe(false);
    const asked = session.asked.flatMap((request) => (request.type === 'library' ? [request.change.kind] : []));
    expect(asked).toEqual(['pin', 'allow']);
    expect(now(lab)).toMatchObject({
      changing: false,
      messages: [{ level: 'error', text: 'This plan was forbidden.', hint: 'The library is as it was.' }],
    });
  });

  it('a speed is one that the session took, and the time left follows it', async () => {
    const session = new FakeSession({
      speed: ({ stepsPerSecond }) => {
        if (stepsPerSecond === 4) return null;
        throw new Error('no such speed');
      },
    });
    const lab = labWith(session);
    await now(lab).setSpeed(4);
    await now(lab).setSpeed(5);
    expect(now(lab).speed).toBe(4);
    await now(lab).open(false);
    session.tell({ type: 'metrics', steps: [metrics(50)], stepsPerSecond: 100 });
    const run = now(lab).run ?? expect.fail('no run');
    // 200 of 250 steps are left: 2 s at 100 a second, 50 s at 4
    expect([secondsLeft(run, null), secondsLeft(run, now(lab).speed)]).toEqual([2, 50]);
  });

  it('cancel gives up what is being compiled, later it pauses', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    session.tell({ type: 'phase', phase: 'compiling', detail: 'task 3', progress: 0.2 });
    await now(lab).cancel();
    session.tell({ type: 'phase', phase: 'evaluating', detail: '', progress: 0.2 });
    await now(lab).cancel();
    session.tell({ type: 'phase', phase: 'ready', detail: '', progress: null });
    await now(lab).cancel();
    expect(session.transport).toEqual(['cancel', 'pause']);
  });

  it('play after the session was closed opens the run again', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).open(false);
    session.tell({ type: 'phase', phase: 'closed', detail: '', progress: null });
    await now(lab).play();
    expect(session.transport).toEqual(['open', 'open', 'play']);
  });

  it('a device that took the place of another is the one that is shown', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).open(false);
    const device = { backend: 'webgpu', adapter: 'SwiftShader', software: true } as const;
    session.tell({ type: 'device', device });
    expect(now(lab).run?.device).toBe(device);
  });
});

describe('failures', () => {
  const failing = () =>
    new FakeSession({
      open: () => {
        throw Object.assign(new Error('no memory for 12 GiB'), { hint: 'Lower the width.' });
      },
    });

  it('a run that cannot be opened says why and what to do, and what was shown stays', async () => {
    const session = failing();
    const lab = labWith(session);
    const shown = now(lab).run;
    await now(lab).play();
    expect(now(lab).messages).toMatchObject([
      { level: 'error', text: 'no memory for 12 GiB', hint: 'Lower the width.' },
    ]);
    expect(now(lab)).toMatchObject({ run: shown, phase: 'closed', busy: false });
    expect(session.transport).toEqual(['open']);
  });

  it('settings that are wrong are not sent; the field is named', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    now(lab).setField('objective.huber', 'wide');
    await now(lab).play();
    expect(session.asked).toEqual([]);
    expect(now(lab).messages[0].text).toContain('objective.huber holds "wide"');
  });

  it('errors and news that the worker tells unasked are messages', () => {
    const session = new FakeSession();
    const lab = labWith(session);
    session.tell({
      type: 'error',
      error: { name: 'NonFinite', message: 'The loss is not a number.', hint: 'Lower the rate.' },
    });
    session.tell({ type: 'news', level: 'warning', text: 'The GPU was lost and came back.' });
    expect(now(lab).messages.map(({ level, text, hint }) => [level, text, hint])).toEqual([
      ['error', 'The loss is not a number.', 'Lower the rate.'],
      ['warning', 'The GPU was lost and came back.', ''],
    ]);
  });

  it('says when nothing will be kept', async () => {
    const lab = labWith(
      new FakeSession({ open: ({ config }) => opened(config, { storage: { kept: false, reason: 'no room.' } }) }),
    );
    await now(lab).open(false);
    expect(now(lab).messages[0].text).toBe('Nothing will be kept: no room.');
  });

  it('says how long a long run will take on a slow device', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    now(lab).setField('steps', 5010);
    await now(lab).open(false);
    session.tell({ type: 'metrics', steps: [metrics(1)], stepsPerSecond: 0.1 });
    expect(now(lab).messages, 'the first step says little about the speed').toEqual([]);
    session.tell({ type: 'metrics', steps: Array.from({ length: 9 }, (_, i) => metrics(i + 2)), stepsPerSecond: 5 });
    // 5,000 steps at 5 a second are 1,000 s
    expect(now(lab).messages[0].text).toContain('about 17 min');
  });
});

describe('streams', () => {
  it('what is told while a run is being opened is of the run before it', async () => {
    const memory = fakeMemory();
    const session = new FakeSession({
      open: ({ config }) => {
        session.tell({ type: 'metrics', steps: [metrics(7)], stepsPerSecond: 1 });
        session.tell({ type: 'checkpoint', step: 7 });
        return opened(config);
      },
    });
    const lab = labWith(session, memory);
    await now(lab).open(false);
    const name = now(lab).run?.name;
    expect(now(lab).run?.steps, 'there was no run before').toEqual([]);
    now(lab).setField('seed', 3);
    await now(lab).open(false);
    expect(now(lab).run?.steps).toEqual([]);
    expect(now(lab).previous?.steps.map(({ step }) => step)).toEqual([7]);
    expect(memory.resumable()).toMatchObject({ step: 7, name });
  });

  it('slowed down, the flows are asked for after each step; else not oftener than once a second', async () => {
    const session = new FakeSession({
      open: ({ config }) =>
        opened(config, { tasks: [{ suite: 'hypergrid', split: 'train', index: 0, text: 'Walk.' }] }),
      inspect: () => {
        throw new Error('not in this test');
      },
    });
    const lab = labWith(session);
    const looks = () => session.asked.filter((request) => request.type === 'inspect').length;
    await now(lab).open(false);
    await vi.waitFor(() => expect(now(lab).messages).toHaveLength(1));
    session.tell({ type: 'metrics', steps: [metrics(1)], stepsPerSecond: 1 });
    expect(looks()).toBe(1);
    await now(lab).setSpeed(4);
    for (const step of [2, 3]) {
      session.tell({ type: 'metrics', steps: [metrics(step)], stepsPerSecond: 1 });
      await vi.waitFor(() => expect(looks()).toBe(step));
      await new Promise((resolve) => setTimeout(resolve));
    }
  });

  it('steps that are told again replace what came after the checkpoint', async () => {
    const session = new FakeSession();
    const lab = labWith(session);
    await now(lab).open(false);
    const seen = vi.fn();
    const stop = now(lab).onStep((one) => seen(one.step));
    session.tell({ type: 'metrics', steps: [metrics(1), metrics(2), metrics(3)], stepsPerSecond: 1 });
    session.tell({ type: 'evaluation', evaluations: [evaluation(3)] });
    session.tell({ type: 'metrics', steps: [metrics(2, 9)], stepsPerSecond: 1 });
    session.tell({ type: 'evaluation', evaluations: [evaluation(2)] });
    stop();
    session.tell({ type: 'metrics', steps: [metrics(3)], stepsPerSecond: 1 });
    expect(now(lab).run?.steps.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 9],
      [3, 1],
    ]);
    expect(now(lab).run?.evaluations.map((one) => one.step)).toEqual([2]);
    expect(seen.mock.calls.flat()).toEqual([1, 2, 3, 2]);
  });

  it('the view of the chosen task is asked for, and again after an evaluation', async () => {
    const session = new FakeSession({
      open: ({ config }) =>
        opened(config, { tasks: [{ suite: 'hypergrid', split: 'train', index: 0, text: 'Walk.' }] }),
      credit: ({ split, task }) => ({
        suite: 'hypergrid',
        split,
        index: task,
        step: stepsDone(run()),
        text: '',
        trajectories: [],
      }),
    });
    const lab = labWith(session);
    const run = () => now(lab).run ?? expect.fail('no run');
    now(lab).setView('credit');
    await now(lab).open(false);
    await vi.waitFor(() => expect(now(lab).creditView?.step).toBe(0));
    session.tell({ type: 'metrics', steps: [metrics(1)], stepsPerSecond: 1 });
    session.tell({ type: 'evaluation', evaluations: [evaluation(1)] });
    await vi.waitFor(() => expect(now(lab).creditView?.step).toBe(1));
    expect(session.asked.filter((request) => request.type === 'credit')).toHaveLength(2);
  });
});

describe('tasks of several suites', () => {
  const task = (suite: string, split: 'train' | 'heldOut', index: number) => ({
    suite,
    split,
    index,
    text: `${suite} ${index}`,
  });

  it('are asked for by their position in the split, as the session counts', async () => {
    const tasks = [
      task('tree', 'train', 0),
      task('tree', 'train', 1),
      task('diamond', 'train', 0),
      task('tree', 'heldOut', 0),
    ];
    const session = new FakeSession({
      open: ({ config }) => opened(config, { tasks }),
      credit: () => ({ suite: 'diamond', split: 'train', index: 0, step: 0, text: '', trajectories: [] }),
    });
    const lab = labWith(session);
    now(lab).setView('credit');
    now(lab).chooseTask({ split: 'train', index: 2 });
    await now(lab).open(false);
    await vi.waitFor(() => expect(now(lab).creditView).not.toBeNull());
    expect(session.asked.at(-1)).toMatchObject({ type: 'credit', split: 'train', task: 2 });
    expect(shownTask(now(lab))?.text).toBe('diamond 0');
  });
});

describe('a walk that a skill came from', () => {
  const tasks = [0, 1].map((index) => ({ suite: 'household', split: 'train' as const, index, text: `task ${index}` }));
  const walk = (task: number, actions: readonly string[]): SourceWalk => ({
    skill: 'take-heat',
    source: { suite: 'household', split: 'train', task, text: `task ${task}`, actions, first: 0, credit: 1 },
    length: 2,
  });
  const first = walk(1, ['take mug', 'heat mug', 'finish']);

  async function labOfWalks() {
    const session = new FakeSession({
      open: ({ config }) => opened(config, { tasks }),
      inspect: () => {
        throw new Error('not in this test');
      },
      credit: ({ task, walk: actions }): CreditView => ({
        suite: 'household',
        split: 'train',
        index: task,
        step: 0,
        text: '',
        trajectories: [],
        walk: actions && { actions, found: { edges: null, followed: 0 }, credited: null },
      }),
    });
    const lab = labWith(session);
    now(lab).setView('skills');
    await now(lab).open(false);
    const asked = () =>
      session.asked.flatMap((request) => (request.type === 'credit' ? [[request.task, request.walk]] : []));
    return { lab, session, asked };
  }

  it('chooses its task and is asked for with it, until another task is chosen', async () => {
    const { lab, asked } = await labOfWalks();
    now(lab).showWalk('credit', { split: 'train', index: 1 }, first);
    await vi.waitFor(() => expect(now(lab).creditView?.walk?.actions).toEqual(first.source.actions));
    expect(now(lab)).toMatchObject({ view: 'credit', chosenTask: { split: 'train', index: 1 }, sourceWalk: first });
    now(lab).setView('skills');
    now(lab).setView('credit');
    expect(now(lab).sourceWalk).toBe(first);
    expect(asked()).toEqual([[1, first.source.actions]]);
    now(lab).chooseTask({ split: 'train', index: 0 });
    await vi.waitFor(() => expect(now(lab).creditView?.index).toBe(0));
    expect(now(lab).sourceWalk).toBeNull();
    expect(asked()[1]).toEqual([0, undefined]);
  });

  it('of the same task is asked for anew, also where one is waited for; without it nothing is', async () => {
    const { lab, asked } = await labOfWalks();
    const other = walk(1, ['take pan', 'finish']);
    now(lab).showWalk('credit', { split: 'train', index: 1 }, first);
    now(lab).showWalk('credit', { split: 'train', index: 1 }, other);
    await vi.waitFor(() => expect(now(lab).creditView?.walk?.actions).toEqual(other.source.actions));
    now(lab).hideWalk();
    now(lab).setView('credit');
    expect(now(lab).sourceWalk).toBeNull();
    expect(asked()).toEqual([
      [1, first.source.actions],
      [1, other.source.actions],
    ]);
  });

  it('is looked for again where the skills are others at the same step, and not where one is pinned', async () => {
    const { lab, session, asked } = await labOfWalks();
    const [skill] = EVOLVED.library;
    const tell = (skills: Library['skills']) =>
      session.tell({ type: 'library', library: { skills, forbidden: [] }, events: [] });
    tell([skill]);
    now(lab).showWalk('credit', { split: 'train', index: 1 }, first);
    await vi.waitFor(() => expect(now(lab).creditView).not.toBeNull());
    tell([{ ...skill, pinned: true }]);
    expect(asked()).toHaveLength(1);
    tell([]);
    expect(now(lab).creditView).toBeNull();
    await vi.waitFor(() => expect(now(lab).creditView).not.toBeNull());
    expect(asked()).toHaveLength(2);
  });

  it('goes with the run, and where an address chooses', async () => {
    const { lab } = await labOfWalks();
    for (const leave of [
      () => now(lab).open(false),
      () => now(lab).applyUrl(readUrl('#view=credit&task=train.1', TEST_PRESETS)),
    ]) {
      now(lab).showWalk('credit', { split: 'train', index: 1 }, first);
      await leave();
      expect(now(lab).sourceWalk).toBeNull();
    }
  });
});

describe('settings', () => {
  it('can be undone step by step; typing in one field is one step', () => {
    const lab = labWith(new FakeSession());
    const { draft } = now(lab);
    now(lab).setField('seed', 1);
    now(lab).setField('seed', 12);
    now(lab).choosePreset('diamond');
    now(lab).undo();
    expect(now(lab)).toMatchObject({ preset: TEST_PRESETS[0].id, draft: { ...draft, seed: 12 } });
    now(lab).undo();
    expect(now(lab).draft).toEqual(draft);
  });

  it('go back to those of the run on screen', async () => {
    const lab = labWith(new FakeSession());
    await now(lab).open(false);
    now(lab).setField('optimiser.lr', 0.5);
    now(lab).returnToRun();
    expect(startsAnew(now(lab))).toBe(false);
  });
});

describe('a run that was left', () => {
  const left = {
    name: 'amber-finch',
    written: { preset: null, draft: { version: 1, seed: 9, suites: [{ name: 'diamond' }] } },
    step: 50,
    total: 250,
  };

  it('is offered, and resumed with its own settings', async () => {
    const session = new FakeSession({ open: ({ config }) => opened(config, { step: 50, steps: [metrics(50)] }) });
    const lab = labWith(session, fakeMemory(left));
    expect(now(lab).resumable).toEqual(left);
    await now(lab).resumeLast();
    expect(session.asked[0]).toMatchObject({ type: 'open', resume: true, config: { seed: 9 } });
    expect(now(lab)).toMatchObject({ resumable: null, messages: [] });
    expect(now(lab).run?.steps).toHaveLength(1);
  });

  it('whose checkpoint is gone is begun again, and says so', async () => {
    const lab = labWith(new FakeSession(), fakeMemory(left));
    await now(lab).resumeLast();
    expect(now(lab).messages[0]).toMatchObject({ level: 'warning', text: expect.stringContaining('No checkpoint') });
  });

  it('is remembered at every checkpoint and forgotten by a reset', async () => {
    const memory = fakeMemory();
    const session = new FakeSession();
    const lab = labWith(session, memory);
    await now(lab).open(false);
    session.tell({ type: 'checkpoint', step: 25 });
    expect(memory.resumable()).toMatchObject({ step: 25, total: 250, name: now(lab).run?.name });
    await now(lab).reset();
    expect(memory.resumable()).toBeNull();
  });
});
