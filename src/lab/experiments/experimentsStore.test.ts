import { describe, expect, it, vi } from 'vitest';
import { mainRuns, type PlannedRun } from '../../experiments/spec.ts';
import type { RunRecord } from '../../training/records.ts';
import { passingStorage } from './experimentStorage.ts';
import { recordOf, SMALL, shelfOn, small } from './experiments.fixture.ts';
import { createExperiments, type Experiments, type ExperimentsParts } from './experimentsStore.ts';
import { experimentsSlot } from './slot.ts';

let dates = 0;

type Make = (run: PlannedRun, signal: AbortSignal) => Promise<RunRecord>;

async function lab(make: Make = async (run) => recordOf(run), parts: Partial<ExperimentsParts> = {}) {
  const made: string[] = [];
  const told: string[] = [];
  const experiments = await createExperiments({
    shipped: [small(), small({ name: 'other', title: 'Other', seeds: [1, 2] })],
    shelf: shelfOn().shelf,
    makeWith: (onStanding) => async (run, signal) => {
      made.push(`${run.arm} ${run.seed}`);
      onStanding(run, { step: 3, steps: 20, doing: '', device: null });
      try {
        return await make(run, signal);
      } finally {
        onStanding(run, null);
      }
    },
    makeVariances: async () => [],
    tell: (level, text, hint = '') => told.push(`${level}: ${text} ${hint}`),
    date: () => ++dates,
    cores: 2,
    now: () => 0,
    ...parts,
  });
  return { experiments, now: () => experiments.getState(), made, told };
}

const statuses = (experiments: Experiments, key = 'small') =>
  experiments.getState().here[key]?.results.runs.map(({ status }) => status);
const file = (content: unknown, name = 'x.json') => ({ name, text: JSON.stringify(content) });

/** Answers each run when the test says so. */
function byHand() {
  const waiting: { readonly run: PlannedRun; readonly finish: () => void; readonly fail: (error: Error) => void }[] =
    [];
  const make: Make = (run, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ run, finish: () => resolve(recordOf(run)), fail: reject });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const next = async () => {
    await vi.waitFor(() => expect(waiting).not.toHaveLength(0));
    return waiting.shift() ?? expect.fail('no run is under way');
  };
  return { make, next, waiting };
}

describe('an experiment in the page', () => {
  it('makes every run, one at a time, keeps it, and then shows what was made', async () => {
    const { experiments, now, made } = await lab();
    await now().look('small');
    expect(now().here.small).toMatchObject({ kept: 0, of: 4, complete: false });
    await now().start('small');
    expect(made).toEqual(['tb 0', 'grpo 0', 'tb 1', 'grpo 1']);
    expect(now()).toMatchObject({ going: null, shown: { small: 'made' } });
    expect(now().here.small).toMatchObject({ kept: 4, of: 4, complete: true });
    expect(statuses(experiments)).toEqual(['finished', 'finished', 'finished', 'finished']);
    // 0.9 and 0.8.
    expect(now().here.small.results.summaries[0].values.success?.mean).toBeCloseTo(0.85, 12);
  });

  it('tells how far it is, and shows the first results as soon as there are some', async () => {
    const { make, next } = byHand();
    const { now } = await lab(make);
    const over = now().start('small');
    const first = await next();
    expect(now().going).toMatchObject({ done: 0, of: 4, timed: 0, secondsLeft: null, jobs: 1 });
    expect([...(now().going?.under.values() ?? [])]).toEqual([
      { name: 'tb on diamond, seed 0', step: 3, steps: 20, doing: '', device: null },
    ]);
    first.finish();
    const second = await next();
    expect(now().going).toMatchObject({ done: 1, timed: 1 });
    await vi.waitFor(() => expect(now().here.small?.kept).toBe(1));
    second.finish();
    (await next()).finish();
    // Later ones wait until the reader asks for them.
    expect(now().here.small.kept).toBe(1);
    (await next()).finish();
    await over;
    expect(now().here.small.kept).toBe(4);
  });

  it('shows the first results of the tuning, and then the first that answer the question', async () => {
    const tuned = small({
      seeds: [0],
      tune: { arms: ['grpo'], grid: { 'optimiser.lr': [0.1, 0.2] }, seeds: [9], by: 'success' },
    });
    const { make, next } = byHand();
    const { now } = await lab(make, { shipped: [tuned] });
    const over = now().start('small');
    (await next()).finish();
    const second = await next();
    await vi.waitFor(() => expect(now().here.small?.kept).toBe(1));
    second.finish();
    (await next()).finish();
    await next();
    await vi.waitFor(() => expect(now().here.small?.results.rows).toHaveLength(1));
    now().cancel();
    await over;
  });

  it('that is cancelled keeps what it has, and goes on from there, also on a later visit', async () => {
    const storage = passingStorage('');
    const { make, next } = byHand();
    const { now } = await lab(make, { shelf: shelfOn(storage).shelf });
    const over = now().start('small');
    (await next()).finish();
    await next();
    now().cancel();
    expect(now().going?.cancelling).toBe(true);
    await over;
    expect(now().here.small).toMatchObject({ kept: 1, of: 4, complete: false });
    const later = await lab(undefined, { shelf: shelfOn(storage).shelf });
    await later.now().look('small');
    expect(later.now().here.small).toMatchObject({ kept: 1, of: 4 });
    await later.now().start('small');
    expect(later.made).toEqual(['grpo 0', 'tb 1', 'grpo 1']);
    expect(later.now().here.small.complete).toBe(true);
  });

  it('goes on after a run that fails, says what failed, and tries it again when it is resumed', async () => {
    let broken = true;
    const { experiments, now, made } = await lab(async (run) => {
      if (broken && run.arm === 'tb' && run.seed === 0) throw Object.assign(new Error('no room'), { name: 'TooLarge' });
      if (broken && run.arm === 'tb' && run.seed === 1)
        return { ...recordOf(run), stopped: { error: 'NonFinite: loss' } };
      return recordOf(run);
    });
    await now().start('small');
    expect(statuses(experiments)).toEqual(['failed', 'finished', 'failed', 'finished']);
    expect(now().here.small.results.runs.flatMap(({ error }) => error ?? [])).toEqual([
      'TooLarge: no room',
      'NonFinite: loss',
    ]);
    broken = false;
    made.length = 0;
    await now().start('small');
    expect(made).toEqual(['tb 0', 'tb 1']);
    expect(now().here.small.complete).toBe(true);
  });

  it('is the only one that is made, and a run that two share is made once', async () => {
    const { make, next } = byHand();
    const { now, made } = await lab(make);
    const over = now().start('small');
    await now().start('other');
    expect(now().going?.key).toBe('small');
    for (let i = 0; i < 4; i++) (await next()).finish();
    await over;
    await now().look('other');
    expect(now().here.other).toMatchObject({ kept: 2, of: 4 });
    const second = now().start('other');
    for (let i = 0; i < 2; i++) (await next()).finish();
    await second;
    expect(made.slice(4)).toEqual(['tb 2', 'grpo 2']);
  });

  it('is made on the device that is chosen, two runs at a time where there is room, and remembers the choice', async () => {
    const storage = passingStorage('');
    const devices: string[] = [];
    const parts = { shelf: shelfOn(storage).shelf, cores: 8 };
    const { now } = await lab(async (run) => {
      devices.push(run.config.device);
      return recordOf(run);
    }, parts);
    await now().setDevice('small', 'auto');
    const over = now().start('small');
    expect(now().going?.jobs).toBe(1);
    await over;
    expect(new Set(devices)).toEqual(new Set(['auto']));
    const later = await lab(undefined, { shelf: shelfOn(storage).shelf, cores: 8 });
    await later.now().look('small');
    expect(later.now().devices.small).toBe('auto');
    expect(later.now().here.small.kept).toBe(4);
    await later.now().setDevice('small', 'asGiven');
    expect(later.now().here.small.kept).toBe(0);
    const two = later.now().start('small');
    expect(later.now().going?.jobs).toBe(2);
    await two;
  });

  it('ends with its table of variances, which is kept, and is made again where it was cancelled', async () => {
    const noisy = small({ name: 'noisy', figure: 'variance', variance: { walks: [2], batches: 2 } });
    const row = { objective: 'tb', suite: 'diamond', walks: 2, step: 20, seed: 0, ratio: 3 };
    let times = 0;
    const { now, made } = await lab(undefined, {
      shipped: [noisy],
      makeVariances: async (_, signal, onProgress) => {
        times++;
        onProgress(1, 2);
        expect(now().going?.variance).toEqual({ done: 1, of: 2 });
        if (times === 1) now().cancel();
        signal.throwIfAborted();
        return [row];
      },
    });
    await now().start('noisy');
    expect(now().here.noisy).toMatchObject({ kept: 4, complete: false });
    made.length = 0;
    await now().start('noisy');
    expect(made).toEqual([]);
    expect(now().here.noisy).toMatchObject({ complete: true, results: { variances: [row] } });
  });

  it('that is discarded is as if it had never been made', async () => {
    const { now } = await lab();
    await now().start('small');
    await now().discard('small');
    expect(now().here.small).toMatchObject({ kept: 0, of: 4 });
    expect(now().entries).toHaveLength(2);
    expect(await now().records('small')).toEqual([]);
  });

  it('hands on its finished runs with all their steps', async () => {
    const { now } = await lab();
    await now().start('small');
    expect(await now().records('small')).toEqual(mainRuns(small(), []).map(recordOf));
  });
});

describe('an experiment from a file', () => {
  it('stands beside the others, over a reload, until it is discarded', async () => {
    const storage = passingStorage('');
    const { now } = await lab(undefined, { shelf: shelfOn(storage).shelf });
    await now().openFile(file({ ...SMALL, title: 'Mine' }));
    expect(now()).toMatchObject({ chosen: 'file small', fault: null });
    await now().openFile(file({ ...SMALL, title: 'Mine again' }));
    const later = (await lab(undefined, { shelf: shelfOn(storage).shelf })).now;
    expect(later().entries.map(({ experiment }) => experiment.title)).toEqual(['Small', 'Other', 'Mine again']);
    // What was begun last is shown first.
    expect(later().chosen).toBe('file small');
    await later().start('other');
    expect((await lab(undefined, { shelf: shelfOn(storage).shelf })).now().chosen).toBe('other');
    await later().discard('file small');
    expect(later().entries).toHaveLength(2);
    expect((await lab(undefined, { shelf: shelfOn(storage).shelf })).now().entries).toHaveLength(2);
  });

  it.each([
    ['is no JSON', '{', [], /^x\.json is no JSON/],
    ['lacks a field', JSON.stringify({ ...SMALL, question: undefined }), ['question'], /^x\.json is no experiment/],
    ['has a name that is none', JSON.stringify({ ...SMALL, name: 'A b' }), ['name'], /no experiment/],
    [
      'makes a config that is not valid',
      JSON.stringify({ ...SMALL, base: { version: 1, steps: -1 } }),
      ['arm "tb" on "diamond": steps'],
      /no experiment/,
    ],
    [
      'plans more runs than a page can make',
      JSON.stringify({
        ...SMALL,
        baseline: undefined,
        arms: Array.from({ length: 64 }, (_, i) => ({ name: `arm ${i}` })),
        seeds: Array.from({ length: 32 }, (_, i) => i),
      }),
      [],
      /plans 2,048 runs, and the page makes up to 2,000/,
    ],
  ])('that %s is refused with its places', async (_, text, paths, message) => {
    const { now } = await lab();
    await now().openFile({ name: 'x.json', text });
    expect(now().fault?.message).toMatch(message);
    expect(now().fault?.problems.map(({ path }) => path)).toEqual(paths);
    expect(now()).toMatchObject({ chosen: 'small' });
    expect(now().entries).toHaveLength(2);
    now().dismissFault();
    expect(now().fault).toBeNull();
  });
});

describe('the place of the experiments in the page', () => {
  it('says from everywhere that one is being made, and loads once', async () => {
    const { make, next } = byHand();
    let loads = 0;
    const slot = experimentsSlot(async () => {
      loads++;
      return (await lab(make)).experiments;
    });
    const experiments = await slot.open();
    expect(await slot.open()).toBe(experiments);
    expect([loads, slot.running.getState().now]).toEqual([1, null]);
    const over = experiments.getState().start('small');
    (await next()).finish();
    await next();
    expect(slot.running.getState().now).toEqual({ title: 'Small', done: 1, of: 4 });
    experiments.getState().cancel();
    await over;
    expect(slot.running.getState().now).toBeNull();
  });

  it('can be opened again where loading failed', async () => {
    let loads = 0;
    const slot = experimentsSlot(async () => {
      loads++;
      if (loads === 1) throw new Error('offline');
      return (await lab()).experiments;
    });
    await expect(slot.open()).rejects.toThrow('offline');
    await slot.open();
    expect(loads).toBe(2);
  });
});
