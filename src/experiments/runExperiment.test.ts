/** The order of an experiment, with runs that are made up. */
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import type { Evaluation, RunRecord } from '../training/records.ts';
import { UNDEFINED } from './results.ts';
import type { ExperimentProgress, RecordShelf } from './runExperiment.ts';
import { readResults, runExperiment } from './runExperiment.ts';
import type { PlannedRun } from './spec.ts';
import { readExperiment } from './spec.ts';
import { parquetColumns } from './table.ts';

const experiment = readExperiment({
  version: 1,
  name: 'made-up',
  title: 'Made up',
  question: 'Does the runner keep its books?',
  figure: 'collapse',
  base: { version: 1, steps: 2, device: 'cpu' },
  suites: [{ name: 'diamond', set: { suites: [{ name: 'diamond', train: 1 }] } }],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'grpo', set: { 'objective.kind': 'grpo' } },
  ],
  seeds: [0, 1, 2],
  baseline: 'tb',
  tune: { arms: ['grpo'], grid: { 'optimiser.lr': [0.001, 0.01, 0.1] }, seeds: [100], by: 'success' },
});

/** A record whose numbers follow from its config, so that the test can tell what must come out. */
function recordOf({ config }: PlannedRun): RunRecord {
  const reward = config.objective.kind === 'grpo';
  const evaluation: Evaluation = {
    step: 2,
    suite: 'diamond',
    split: 'train',
    tasks: 1,
    success: reward ? 1 - Math.abs(config.optimiser.lr - 0.01) : 0.9 + config.seed / 100,
    pass3: 1,
    pass5: 1,
    reward: 0.5,
    l1: 0.1,
    jsd: 0.01,
    targetSuccess: 0.95,
    attainable: 1,
    logZError: reward ? 3 : 0.1,
    slope: null,
    modes: reward ? 1 : 3,
    modesOfTarget: 4,
    entropy: 1,
    entropyOfTarget: 2,
    collapse: 0.2,
    creditSpearman: 0.5,
    credits: [{ credit: 'flow', against: 'exactFlow', spearman: 0.9, hitAtOne: null }],
    executorCalls: 64,
  };
  return {
    version: 1,
    config,
    device: { backend: 'cpu', adapter: 'made up', software: false },
    steps: [],
    evaluations: [{ ...evaluation, step: 0, success: 0 }, evaluation],
    references: [],
    library: [],
    events: [],
    timing: { startedAt: '', seconds: 1, stepsPerSecond: 2 },
    stopped: 'finished',
  };
}

class MemoryShelf implements RecordShelf {
  readonly records = new Map<string, RunRecord>();
  async read(id: string): Promise<RunRecord | null> {
    return this.records.get(id) ?? null;
  }
  async write(id: string, record: RunRecord): Promise<void> {
    this.records.set(id, record);
  }
}

const never = new AbortController().signal;
const quiet = { jobs: 2, signal: never, onProgress: () => {}, now: () => 0 };

describe('an experiment', () => {
  test('makes the grid, chooses, makes the runs with the choice, and adds up', async () => {
    const made: PlannedRun[] = [];
    const results = await runExperiment(experiment, {
      ...quiet,
      shelf: new MemoryShelf(),
      make: async (run) => {
        made.push(run);
        return recordOf(run);
      },
    });
    expect(results.tunings).toHaveLength(1);
    expect(results.tunings[0].chosen).toEqual({ 'optimiser.lr': 0.01 });
    expect(results.tunings[0].tried.map(({ value }) => value)).toEqual([0.991, 1, 0.91]);
    const main = made.filter(({ stage, arm }) => stage === 'main' && arm === 'grpo');
    expect(main.map(({ config }) => config.optimiser.lr)).toEqual([0.01, 0.01, 0.01]);
    const of = (arm: string) => results.summaries.find((row) => row.arm === arm);
    expect(of('tb')?.values.success).toMatchObject({ mean: 0.91, n: 3 });
    expect(of('grpo')?.values.modesKept).toEqual({ mean: 0.25, halfWidth: 0, n: 3 });
    // 1 - 0.90, 1 - 0.91, 1 - 0.92.
    expect(of('grpo')?.differences?.success?.mean).toBeCloseTo(0.09, 12);
    expect(of('tb')?.differences).toBeNull();
    expect(results.curves.find(({ measure, arm }) => measure === 'success' && arm === 'tb')?.points).toHaveLength(2);
  });

  test('means what needs no learning over seeds, which have tasks of their own, and not over arms', async () => {
    const shared = { suite: 'diamond', split: 'train', tasks: 2, modesOfTarget: 4, pass3: 1, pass5: 1 } as const;
    const referenced = async (run: PlannedRun): Promise<RunRecord> => {
      const of = (policy: 'random' | 'optimal', success: number, collapse: number | null) => ({
        ...shared,
        policy,
        success,
        collapse,
        reward: success / 2,
        l1: run.config.seed,
        jsd: 0.1,
        modes: run.config.seed,
        entropy: 1,
      });
      // The second seed has no success at random, and grpo's first run left nothing.
      const none = run.arm === 'grpo' && run.seed === 0;
      const collapse = run.seed === 1 ? null : 0.2 + run.seed / 10;
      return {
        ...recordOf(run),
        references: none ? [] : [of('random', run.seed / 10, collapse), of('optimal', 0.9, 0.5)],
      };
    };
    const results = await runExperiment(experiment, { ...quiet, shelf: new MemoryShelf(), make: referenced });
    expect(results.references.map(({ policy }) => policy)).toEqual(['random', 'optimal']);
    const [random, optimal] = results.references;
    expect(random).toMatchObject({ tasks: 6, modes: 1, l1: 1, pass3: 1 });
    expect(random.success).toBeCloseTo(0.1, 12);
    expect(random.reward).toBeCloseTo(0.05, 12);
    expect(random.collapse).toBeCloseTo(0.3, 12);
    expect(optimal.success).toBeCloseTo(0.9, 12);
  });

  test('means the references of each suite of a run by itself', async () => {
    const make = async (run: PlannedRun): Promise<RunRecord> => {
      const of = (suite: string, success: number) => ({
        suite,
        split: 'train' as const,
        policy: 'random' as const,
        tasks: 1,
        modesOfTarget: 1,
        success,
        pass3: success,
        pass5: success,
        reward: success,
        l1: 1,
        jsd: 0.1,
        modes: 0,
        entropy: 1,
        collapse: null,
      });
      return { ...recordOf(run), references: [of('diamond', run.seed / 10), of('tree', 0.8)] };
    };
    const { references } = await runExperiment(experiment, { ...quiet, shelf: new MemoryShelf(), make });
    expect(references.map(({ success }) => Number(success.toFixed(12)))).toEqual([0.1, 0.8]);
  });

  test('keeps the course of credits where they are the question, undefined where they are', async () => {
    const make = async (run: PlannedRun) => recordOf(run);
    const asked = readExperiment({ ...experiment, figure: 'credit' });
    const { creditCurves } = await runExperiment(asked, { ...quiet, shelf: new MemoryShelf(), make });
    expect(creditCurves.map(({ arm, credit, against }) => [arm, credit, against])).toEqual([
      ['tb', 'flow', 'exactFlow'],
      ['grpo', 'flow', 'exactFlow'],
    ]);
    const { points } = creditCurves[0];
    expect(points.map(({ step }) => step)).toEqual([0, 2]);
    expect(points[1].spearman).toMatchObject({ n: 3 });
    expect(points[1].spearman?.mean).toBeCloseTo(0.9, 12);
    expect(points[1].hitAtOne).toBeNull();
    const other = await runExperiment(experiment, { ...quiet, shelf: new MemoryShelf(), make });
    expect(other.creditCurves).toEqual([]);
  });

  test('has no log Z error of what maximises reward, and says why', async () => {
    const shelf = new MemoryShelf();
    const results = await runExperiment(experiment, { ...quiet, shelf, make: async (run) => recordOf(run) });
    const errors = results.rows.map(({ arm, values }) => [arm, values.logZError]);
    expect(new Set(errors.map((row) => JSON.stringify(row)))).toEqual(new Set(['["tb",0.1]', '["grpo",null]']));
    expect(UNDEFINED.logZError).toMatch(/no log Z/);
  });

  test('makes nothing again that is on the shelf, and reads it without making anything', async () => {
    const shelf = new MemoryShelf();
    const first = await runExperiment(experiment, { ...quiet, shelf, make: async (run) => recordOf(run) });
    let again = 0;
    const make = async (run: PlannedRun): Promise<RunRecord> => {
      again++;
      return recordOf(run);
    };
    const second = await runExperiment(experiment, { ...quiet, shelf, make });
    expect(again).toBe(0);
    expect(second).toEqual(first);
    expect(await readResults(experiment, shelf)).toEqual(first);
  });

  test('goes on after a run that fails, and tells it', async () => {
    const progress: ExperimentProgress[] = [];
    const results = await runExperiment(experiment, {
      ...quiet,
      shelf: new MemoryShelf(),
      onProgress: (now) => progress.push(now),
      make: async (run) => {
        if (run.stage === 'main' && run.arm === 'tb' && run.seed === 1) throw new RangeError('no room');
        return recordOf(run);
      },
    });
    expect(results.runs.filter(({ status }) => status === 'failed')).toMatchObject([
      { arm: 'tb', seed: 1, error: 'RangeError: no room' },
    ]);
    expect(results.summaries.find(({ arm }) => arm === 'tb')?.values.success?.n).toBe(2);
    expect(progress.at(-1)).toMatchObject({ done: 9, of: 9, failed: 1, running: [] });
  });

  test('that is cancelled keeps what is there and says what was not run', async () => {
    const cancel = new AbortController();
    const shelf = new MemoryShelf();
    const results = await runExperiment(experiment, {
      ...quiet,
      jobs: 1,
      signal: cancel.signal,
      shelf,
      make: async (run) => {
        if (run.stage === 'tune' && run.tuned['optimiser.lr'] === 0.01) cancel.abort();
        return recordOf(run);
      },
    });
    expect(shelf.records.size).toBe(2);
    expect(results.tunings).toEqual([]);
    expect(results.runs.filter(({ status }) => status === 'not run').length).toBe(results.runs.length - 2);
  });

  test('is a Parquet file that reads back: a row per run, split and measure', async () => {
    const results = await runExperiment(experiment, {
      ...quiet,
      shelf: new MemoryShelf(),
      make: async (run) => recordOf(run),
    });
    const file = parquetWriteBuffer({ columnData: parquetColumns(results) });
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(results.rows.length * 15);
    const found = rows.find(({ arm, seed, measure }) => arm === 'tb' && seed === 2 && measure === 'success');
    expect(found).toMatchObject({ experiment: 'made-up', suite: 'diamond', split: 'train', value: 0.92 });
    expect(rows.find(({ measure }) => measure === 'slope')?.value ?? null).toBeNull();
  });
});
