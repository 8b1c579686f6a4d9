/** The recorded run that is shipped, evaluated again from the parameters that it holds. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeRecorded, type RecordedRun } from '../../src/lab/recorded.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import type { Trainer } from '../../src/training/trainer.ts';
import { readJson } from '../lab/files.ts';
import { CONFIG, OUT } from './main.ts';
import { freshTrainer, restoreRecorded } from './record.ts';

/** Single numbers keep seven digits and arrays are float32: a logarithm of size 10 is off by 5e-7 at most. */
const ROUNDING = 2e-6;
/** The last evaluation is of the parameters before they were rounded to 16-bit levels. */
const OF_LEVELS = 1e-3;

const text = readFileSync(OUT, 'utf8');
const run: RecordedRun = decodeRecorded(text);
let trainer: Trainer;

beforeAll(async () => {
  trainer = await freshTrainer(run.record.config);
  const { graph } = await trainer.inspect('train', 0);
  if (run.parameters === undefined) throw new Error('The recorded run holds no parameters.');
  restoreRecorded(trainer, run.parameters, graph, run.record);
});

function largestDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  // Where both are infinite there is nothing to compare.
  return a.reduce((most, value, i) => (value === b[i] ? most : Math.max(most, Math.abs(value - b[i]))), 0);
}

describe('the recorded run', () => {
  test('has at most 300 KB', () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(300_000);
  });

  test('is of the first preset, whole, and finished', () => {
    const { config, steps, stopped } = run.record;
    expect(config).toEqual(resolveConfig(readJson(CONFIG)));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: config.steps }, (_, i) => i + 1));
    expect(stopped).toBe('finished');
    expect(run.view.step).toBe(config.steps);
    expect(run.credit.step).toBe(config.steps);
  });

  test('shows the flows of its own parameters', async () => {
    const { graph, learned, exact } = await trainer.inspect('train', 0);
    expect(run.view.graph).toEqual({ ...graph, reward: Float64Array.from(graph.reward, Math.fround) });
    expect(largestDifference(run.view.learned.logPF, learned.logPF)).toBeLessThan(ROUNDING);
    expect(largestDifference(run.view.learned.logPB, learned.logPB)).toBeLessThan(ROUNDING);
    expect(largestDifference(run.view.exact.logPF, exact.logPF)).toBeLessThan(ROUNDING);
    expect(Math.abs(run.view.learned.logZ - learned.logZ)).toBeLessThan(ROUNDING);
    expect(Math.abs(run.view.exact.logZ - exact.logZ)).toBeLessThan(ROUNDING);
  });

  test('shows credits of its own parameters, that add up', async () => {
    const { trajectories } = await trainer.credit('train', 0, run.credit.trajectories.length);
    for (const [i, { steps, total }] of run.credit.trajectories.entries()) {
      expect(steps.map(({ edge }) => edge)).toEqual(trajectories[i].steps.map(({ edge }) => edge));
      for (const [t, { credit }] of steps.entries())
        expect(Math.abs(credit - trajectories[i].steps[t].credit)).toBeLessThan(ROUNDING);
      expect(steps.reduce((sum, { credit }) => sum + credit, 0)).toBeCloseTo(total, 5);
    }
  });

  test('ends with the evaluation that its parameters have', async () => {
    const evaluate = { all: true, signal: new AbortController().signal, onProgress: () => {} };
    const [again] = await trainer.evaluate(evaluate);
    const stored = run.record.evaluations.at(-1);
    if (stored === undefined) throw new Error('The recorded run holds no evaluation.');
    expect(stored).toMatchObject({ step: again.step, suite: again.suite, split: again.split, tasks: again.tasks });
    for (const measure of ['l1', 'success', 'targetSuccess', 'jsd', 'entropy', 'modes'] as const)
      expect(Math.abs(stored[measure] - again[measure]), measure).toBeLessThan(OF_LEVELS);
    // The calibration that the preset promises.
    expect(again.l1).toBeLessThan(0.02);
  });
});
