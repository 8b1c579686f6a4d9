/** MADE-UP results, to test sentences, figures and the report with. No run came to these numbers. Tests only. */
import type { Split } from '../graph/world.ts';
import type { Interval } from './intervals.ts';
import type { Measure, Results, Summary } from './results.ts';
import { MEASURES } from './results.ts';
import type { Experiment } from './spec.ts';
import { experimentSchema } from './spec.ts';

const SPLITS: readonly Split[] = ['train', 'heldOut'];
const SEEDS = [0, 1, 2];

/** A name that a page must not take for markup. */
export const HOSTILE = 'sft <img src=x onerror=alert(1)> & "co"';

export function interval(mean: number, halfWidth: number | null = 0.02, n = 3): Interval {
  return { mean, halfWidth, n };
}

type Values = Partial<Record<Measure, Interval | null>>;

/** Means by arm: balance keeps what reward loses; grpo did not learn. */
const VALUES: Readonly<Record<string, Values>> = {
  ttb: { success: interval(0.95), modesKept: interval(0.92), slope: interval(0.98), l1: interval(0.1) },
  reinforce: {
    success: interval(0.99, 0.01),
    modesKept: interval(0.25, 0.05),
    slope: interval(2.4),
    l1: interval(1.2),
  },
  grpo: { success: interval(0.01, 0.005), modesKept: null, collapse: null, slope: null, l1: interval(1.7) },
  [HOSTILE]: { success: interval(0.97), modesKept: interval(0.6, 0.1), slope: interval(1.4), l1: interval(0.5) },
};

const experiment: Experiment = experimentSchema.parse({
  version: 1,
  name: 'made-up',
  title: 'Made-up: does reward maximisation lose strategies?',
  question: 'At equal success, which objective keeps more of the ways to solve a task? (made-up numbers)',
  figure: 'collapse',
  base: { version: 1, steps: 100, optimiser: { lr: 0.01 } },
  suites: [{ name: 'household' }, { name: 'two-hop QA' }],
  arms: [
    { name: 'ttb', set: { 'objective.kind': 'ttb' } },
    { name: 'reinforce', set: { 'objective.kind': 'reinforce' } },
    { name: 'grpo', set: { 'objective.kind': 'grpo' } },
    { name: HOSTILE, set: { 'objective.kind': 'sft' } },
  ],
  seeds: SEEDS,
  baseline: 'ttb',
  tune: { arms: ['ttb', 'reinforce'], grid: { 'optimiser.lr': [0.001, 0.01] }, seeds: [100], by: 'success' },
});

const CREDITS: Summary['credits'] = ['exactFlow', 'exactCentred', 'advantage'].flatMap((against, k) => [
  { credit: 'flow', against, spearman: interval(0.9 - 0.3 * k), hitAtOne: interval(0.8 - 0.2 * k) },
  { credit: 'centred', against, spearman: interval(0.7 - 0.02 * k, 0.05), hitAtOne: interval(0.75) },
  { credit: 'group', against, spearman: interval(0, 0), hitAtOne: interval(0.25, 0.01) },
  { credit: 'head', against, spearman: null, hitAtOne: null },
  { credit: 'random', against, spearman: interval(-0.01, 0.03), hitAtOne: interval(0.24, 0.03) },
]);

/** Every measure; what `VALUES` does not give is 0.5. */
function valuesOf(given: Values): Record<Measure, Interval | null> {
  return Object.fromEntries(
    MEASURES.map((measure) => [measure, measure in given ? (given[measure] ?? null) : interval(0.5)]),
  ) as Record<Measure, Interval | null>;
}

function summaryOf(arm: string, suite: string, split: Split, given: Values): Summary {
  const values = valuesOf(given);
  const base = valuesOf(VALUES.ttb);
  const differences = Object.fromEntries(
    MEASURES.map((measure) => {
      const [a, b] = [values[measure], base[measure]];
      return [measure, a && b ? interval(a.mean - b.mean, 0.03) : null];
    }),
  ) as Record<Measure, Interval | null>;
  return {
    arm,
    suite,
    split,
    values,
    differences: arm === experiment.baseline ? null : differences,
    executorCalls: interval(12_800, 0),
    credits: CREDITS,
    learned: arm !== 'grpo',
  };
}

const names = { suites: experiment.suites.map(({ name }) => name), arms: experiment.arms.map(({ name }) => name) };

export const results: Results = {
  version: 1,
  experiment,
  runs: names.suites.flatMap((suite) =>
    names.arms.flatMap((arm) =>
      SEEDS.map((seed) => ({
        id: `${suite}-${arm}-${seed}`.replace(/[^a-z0-9]+/gi, '').slice(0, 12),
        arm,
        suite,
        seed,
        stage: 'main' as const,
        tuned: {},
        status: arm === HOSTILE && seed === 2 ? ('failed' as const) : ('finished' as const),
        error: arm === HOSTILE && seed === 2 ? 'log Z is not finite <b>at step 3</b>' : null,
        seconds: 12.5,
        device: 'cpu, CPU (TypeScript)',
      })),
    ),
  ),
  tunings: names.suites.flatMap((suite) =>
    ['ttb', 'reinforce'].map((arm) => ({
      arm,
      suite,
      chosen: { 'optimiser.lr': 0.01 },
      tried: [
        { tuned: { 'optimiser.lr': 0.001 }, value: 0.4 },
        { tuned: { 'optimiser.lr': 0.01 }, value: 0.9 },
      ],
    })),
  ),
  rows: [],
  summaries: names.suites.flatMap((suite) =>
    names.arms.flatMap((arm) => SPLITS.map((split) => summaryOf(arm, suite, split, VALUES[arm]))),
  ),
  curves: names.suites.flatMap((suite) =>
    names.arms.flatMap((arm) =>
      SPLITS.flatMap((split) =>
        (['success', 'l1', 'modesKept'] as const).map((measure) => ({
          arm,
          suite,
          split,
          measure,
          points: [0, 25, 50, 75, 100].flatMap((step) => {
            const end = VALUES[arm][measure];
            return end ? [{ step, interval: interval(end.mean * (1 - Math.exp(-step / 30)), 0.05) }] : [];
          }),
        })),
      ),
    ),
  ),
  creditCurves: names.suites.flatMap((suite) =>
    names.arms.flatMap((arm) =>
      SPLITS.flatMap((split) =>
        (['flow', 'random'] as const).map((credit, k) => ({
          arm,
          suite,
          split,
          credit,
          against: 'advantage' as const,
          points: [0, 50, 100].map((step) => ({
            step,
            spearman: interval(k === 0 ? step / 200 : 0, 0.05),
            hitAtOne: step === 0 ? null : interval(0.25, 0.05),
          })),
        })),
      ),
    ),
  ),
  references: names.suites.flatMap((suite) =>
    SPLITS.flatMap((split) =>
      (['random', 'greedy', 'optimal'] as const).map((policy) => ({
        policy,
        suite,
        split,
        tasks: 4,
        modesOfTarget: 4,
        success: { random: 0.02, greedy: 1, optimal: 0.96 }[policy],
        pass3: 0.5,
        pass5: 0.5,
        reward: 0.5,
        l1: { random: 1.8, greedy: 1.5, optimal: 0 }[policy],
        jsd: 0.2,
        modes: { random: 0, greedy: 1, optimal: 4 }[policy],
        entropy: 1,
        collapse: 0.3,
      })),
    ),
  ),
  variances: names.suites.flatMap((suite) =>
    ['ttb', 'reinforce'].flatMap((objective, k) =>
      [1, 100].flatMap((step) =>
        [16, 32, 64, 128].flatMap((walks) =>
          [0, 1, 2].map((seed) => ({
            objective,
            suite,
            walks,
            step,
            seed,
            ratio: ((step === 1 ? 4 : 1) * (40 * (1 + 3 * k) + seed - 1)) / walks,
          })),
        ),
      ),
    ),
  ),
};

/** The results with another figure, other arms or other values of an arm. */
export function resultsWith(change: {
  readonly figure?: Experiment['figure'];
  readonly values?: Readonly<Record<string, Values>>;
}): Results {
  return {
    ...results,
    experiment: { ...experiment, figure: change.figure ?? experiment.figure },
    summaries: results.summaries.map((one) => ({ ...one, values: { ...one.values, ...change.values?.[one.arm] } })),
  };
}

/** What is held to an L1 of at most 0.15 on the household: ttb by all three seeds, reinforce by two, the others by none. */
export function resultsWithBar(): Results {
  const ends: Readonly<Record<string, readonly number[]>> = {
    ttb: [0.1, 0.15, 0.05],
    reinforce: [0.1, 0.1600001, 0.12],
    grpo: [1.7, 1.7, 1.7],
  };
  return {
    ...results,
    experiment: {
      ...experiment,
      figure: 'comparison',
      suites: experiment.suites.map((suite) => (suite.name === 'household' ? { ...suite, bar: { l1: 0.15 } } : suite)),
    },
    rows: Object.entries(ends).flatMap(([arm, values]) =>
      values.map((l1, seed) => ({
        arm,
        suite: 'household',
        seed,
        split: 'train' as const,
        run: `${arm}-${seed}`,
        steps: 100,
        executorCalls: 12_800,
        values: { ...(Object.fromEntries(MEASURES.map((measure) => [measure, 0.5])) as Record<Measure, number>), l1 },
      })),
    ),
  };
}

/** `ttb-paper` at four ratios of the learning rates, beside ttb, with the slopes given. */
export function temperatureResults(slopes: readonly number[] = [0.97, 0.86, 0.7, 0.47]): Results {
  const ratios = [0.05, 0.2, 0.5, 1];
  const arms = [
    { name: 'ttb', set: { 'objective.kind': 'ttb' } },
    ...ratios.map((ratio) => ({
      name: `ttb-paper ${ratio}`,
      set: { 'objective.kind': 'ttb-paper', 'optimiser.lrBackward': 0.01 * ratio },
    })),
  ];
  return {
    ...results,
    experiment: { ...experiment, figure: 'temperature', arms },
    tunings: [],
    summaries: names.suites.flatMap((suite) =>
      arms.map(({ name }, i) =>
        summaryOf(name, suite, 'train', {
          slope: interval(i === 0 ? 0.99 : slopes[i - 1], 0.03, 4),
          l1: interval(i === 0 ? 0.05 : 1 - slopes[i - 1], 0.03, 4),
        }),
      ),
    ),
  };
}
