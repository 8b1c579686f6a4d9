import { describe, expect, test } from 'vitest';
import { BadConfig } from '../training/badConfig.ts';
import { countRuns, devicesOf, gridOf, mainRuns, onDevice, readExperiment, tuningRuns, withValue } from './spec.ts';

const files = import.meta.glob<unknown>('/experiments/*.json', { eager: true, import: 'default' });

const small = {
  version: 1,
  name: 'small',
  title: 'Small',
  question: 'Which?',
  figure: 'collapse',
  base: { version: 1, steps: 2 },
  suites: [
    { name: 'diamond', set: { suites: [{ name: 'diamond', train: 1 }] } },
    { name: 'tree', seeds: [5], set: { suites: [{ name: 'tree', train: 1 }], 'suites[0].settings.depth': 2 } },
  ],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'grpo', set: { 'objective.kind': 'grpo' } },
  ],
  seeds: [0, 1],
  baseline: 'tb',
  tune: {
    arms: ['grpo'],
    grid: { 'optimiser.lr': [0.001, 0.01], 'objective.entropyBonus': [0, 0.1] },
    seeds: [100],
    by: 'success',
  },
};

const problems = (input: unknown): string => {
  try {
    readExperiment(input);
  } catch (error) {
    if (error instanceof BadConfig) return error.message;
    throw error;
  }
  return 'none';
};

describe('an experiment', () => {
  test('becomes runs of every arm on every suite and seed, seed by seed, with what the arms were tuned to', () => {
    const experiment = readExperiment(small);
    const tuned = { 'optimiser.lr': 0.01, 'objective.entropyBonus': 0.1 };
    const runs = mainRuns(experiment, [{ arm: 'grpo', suite: 'diamond', chosen: tuned, tried: [] }]);
    expect(runs.map(({ arm, suite, seed }) => `${arm} ${suite} ${seed}`)).toEqual([
      'tb diamond 0',
      'grpo diamond 0',
      'tb diamond 1',
      'grpo diamond 1',
      'tb tree 5',
      'grpo tree 5',
    ]);
    expect(runs[1].config.optimiser.lr).toBe(0.01);
    expect(runs[1].config.objective).toMatchObject({ kind: 'grpo', entropyBonus: 0.1 });
    expect(runs[4].config.suites[0].settings).toMatchObject({ depth: 2 });
    expect(runs.map(({ config }) => config.seed)).toEqual([0, 0, 1, 1, 5, 5]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(6);
  });

  test('is counted as it is planned', () => {
    for (const file of [small, { ...small, tune: undefined }, ...Object.values(files)]) {
      const experiment = readExperiment(file);
      expect(countRuns(experiment)).toBe(tuningRuns(experiment).length + mainRuns(experiment, []).length);
    }
  });

  test('runs on the device that is asked for, whatever its suites and arms say', () => {
    const [diamond, tree] = small.suites;
    const mixed = readExperiment({
      ...small,
      suites: [{ ...diamond, set: { ...diamond.set, device: 'cpu' } }, tree],
      arms: [small.arms[0], { ...small.arms[1], set: { ...small.arms[1].set, device: 'webgpu' } }],
    });
    expect(devicesOf(mixed)).toEqual(['cpu', 'webgpu', 'auto']);
    const moved = onDevice(mixed, 'cpu');
    expect(devicesOf(moved)).toEqual(['cpu']);
    expect(new Set([...tuningRuns(moved), ...mainRuns(moved, [])].map(({ config }) => config.device))).toEqual(
      new Set(['cpu']),
    );
  });

  test('tries every combination of its grid on each suite, for the tuned arms alone', () => {
    const runs = tuningRuns(readExperiment(small));
    expect(runs).toHaveLength(2 * 4);
    expect(new Set(runs.map(({ arm, seed }) => `${arm} ${seed}`))).toEqual(new Set(['grpo 100']));
    expect(tuningRuns(readExperiment({ ...small, tune: undefined }))).toEqual([]);
  });

  test('gives an arm with settings of its own as many combinations as the others', () => {
    const own = (grid: unknown) => ({ ...small, tune: { ...small.tune, ofArm: { grpo: grid } } });
    expect(problems(own({ 'optimiser.lr': [0.1, 0.2, 0.3, 0.4] }))).toBe('none');
    expect(problems(own({ 'optimiser.lr': [0.1] }))).toMatch(/tune\.ofArm\.grpo.*1 combinations.*4 combinations/s);
  });

  test('is refused with the path of what is wrong', () => {
    expect(problems({ ...small, figure: 'pie' })).toMatch(/figure.*"pie"/);
    expect(problems({ ...small, baseline: 'ttb' })).toMatch(/baseline.*"ttb".*tb, grpo/);
    expect(problems({ ...small, tune: { ...small.tune, arms: ['x'] } })).toMatch(/tune\.arms\[0\].*"x"/);
    const twice = [...small.arms, small.arms[0]];
    expect(problems({ ...small, arms: twice })).toMatch(/arms\[2\]\.name.*each name stands once/);
    expect(problems({ ...small, extra: 1 })).toMatch(/extra/);
    const held = { ...small.suites[0], bar: { l1: 0 } };
    expect(problems({ ...small, suites: [held] })).toMatch(/suites\[0\]\.bar\.l1/);
  });

  test('says in which arm and suite a config is wrong', () => {
    const arms = [{ name: 'odd', set: { 'objective.kind': 'ppo', 'objective.backward': 'learned' } }];
    const experiment = readExperiment({ ...small, arms, baseline: undefined, tune: undefined });
    expect(() => mainRuns(experiment, [])).toThrow(/arm "odd" on "diamond": objective\.backward/);
  });

  test.each(Object.entries(files))('%s can be run', (_, input) => {
    const experiment = readExperiment(input);
    expect(mainRuns(experiment, []).length).toBeGreaterThan(0);
    expect(tuningRuns(experiment).length % Math.max(1, experiment.tune?.arms.length ?? 1)).toBe(0);
  });
});

test('a grid is every combination, the last path fastest', () => {
  expect(gridOf({ a: [1, 2], b: ['x', 'y'] })).toEqual([
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  expect(gridOf({})).toEqual([{}]);
});

test('a value is put at its path, and what is missing on the way is made', () => {
  expect(withValue({ suites: [{ a: 1 }, { a: 2 }] }, 'suites[1].settings.height', 3)).toEqual({
    suites: [{ a: 1 }, { a: 2, settings: { height: 3 } }],
  });
  expect(withValue({}, 'objective.kind', 'tb')).toEqual({ objective: { kind: 'tb' } });
});
