/** What conclusions, figures and the report ask of an arm: its settings, its place, why a number of it is missing. */
import type { CreditName, CreditTruth } from '../flow/creditAgreement.ts';
import type { Family } from '../flow/objectives/objective.ts';
import type { Split } from '../graph/world.ts';
import { objectives } from '../training/objectives.ts';
import type { Interval } from './intervals.ts';
import { inWords } from './intervals.ts';
import type { Measure, ReferenceOf, Results, Summary } from './results.ts';
import { UNDEFINED } from './results.ts';

/** Where arms are compared. */
export interface Place {
  readonly suite: string;
  readonly split: Split;
}

export const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  train: 'train',
  validation: 'validation',
  heldOut: 'held-out',
};

/** What a measure is called on a page. */
export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  success: 'success',
  pass3: 'pass@3',
  pass5: 'pass@5',
  reward: 'reward',
  l1: 'L1 to the target',
  jsd: 'JSD (nats)',
  logZError: '|log Z − log Z*|',
  slope: 'slope',
  modesKept: 'modes kept',
  entropyRatio: 'entropy ratio',
  collapse: 'collapse',
  creditSpearman: 'ρ of flow credit',
  loss: 'training loss',
  attainable: 'attainable success',
  skills: 'skills',
};

/** What a credit, and the exact one it is held against, is called on a page; other files may name others. */
const CREDIT_NAMES: Readonly<Record<CreditName, string>> = {
  flow: 'flow credit',
  centred: 'flow credit, centred',
  group: 'group advantage',
  value: 'Monte-Carlo values',
  head: 'value head',
  random: 'random',
};
const TRUTH_NAMES: Readonly<Record<CreditTruth, string>> = {
  exactFlow: 'the exact change of log F',
  exactCentred: 'the exact change of log F, centred',
  advantage: 'the exact advantage',
};
export const creditName = (credit: string): string => new Map(Object.entries(CREDIT_NAMES)).get(credit) ?? credit;
export const truthName = (truth: string): string => new Map(Object.entries(TRUTH_NAMES)).get(truth) ?? truth;

/** Every suite's train split and, where it has one, its held-out split. Validation chooses and is not concluded from. */
export function placesOf(results: Results): readonly Place[] {
  return results.experiment.suites.flatMap(({ name: suite }) =>
    (['train', 'heldOut'] as const)
      .filter((split) => results.summaries.some((one) => one.suite === suite && one.split === split))
      .map((split) => ({ suite, split })),
  );
}

/** In the order of the experiment's arms. */
export function summariesAt(results: Results, { suite, split }: Place): readonly Summary[] {
  return results.summaries.filter((one) => one.suite === suite && one.split === split);
}

export function referenceAt(
  results: Results,
  { suite, split }: Place,
  policy: ReferenceOf['policy'],
): ReferenceOf | undefined {
  return results.references.find((one) => one.suite === suite && one.split === split && one.policy === policy);
}

/** Whether runs have skills; then what needs no learning is measured with those that they begin with. */
export function hasLibraries({ rows }: Results): boolean {
  return rows.some(({ values: { skills } }) => skills !== null && skills > 0);
}

/** What a policy that needs no learning comes to; null where records do not hold it. */
export function levelOf(reference: ReferenceOf, measure: Measure): number | null {
  switch (measure) {
    case 'success':
    case 'pass3':
    case 'pass5':
    case 'reward':
    case 'l1':
    case 'jsd':
    case 'collapse':
      return reference[measure];
    case 'modesKept':
      return reference.modesOfTarget === 0 ? null : reference.modes / reference.modesOfTarget;
    default:
      return null;
  }
}

/** The most that a run's final L1 may be; null where the experiment does not say. */
export function barAt({ experiment }: Results, { suite }: Pick<Place, 'suite'>): number | null {
  return experiment.suites.find(({ name }) => name === suite)?.bar?.l1 ?? null;
}

/** The value of a config's path for an arm on a suite: tuned, else the arm's, the suite's or the base's. */
export function settingOf(results: Results, arm: string, suite: string, path: string): unknown {
  const { arms, suites, base } = results.experiment;
  const layers = [
    results.tunings.find((one) => one.arm === arm && one.suite === suite)?.chosen,
    arms.find(({ name }) => name === arm)?.set,
    suites.find(({ name }) => name === suite)?.set,
  ];
  const layer = layers.find((one) => one?.[path] !== undefined);
  if (layer !== undefined) return layer[path];
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[key] : undefined),
      base,
    );
}

/** Whether an arm balances flow, maximises reward or imitates, by the objective that its runs have on a suite. */
export function familyOf(results: Results, arm: string, suite: string): Family {
  const kind = settingOf(results, arm, suite, 'objective.kind');
  return Object.values(objectives).find(({ name }) => name === kind)?.family ?? 'balance';
}

/** Backward over forward learning rate; null where the experiment does not give both. */
export function ratioOf(results: Results, arm: string, suite: string): number | null {
  const backward = settingOf(results, arm, suite, 'optimiser.lrBackward');
  const forward = settingOf(results, arm, suite, 'optimiser.lr');
  return typeof backward === 'number' && typeof forward === 'number' && forward > 0 ? backward / forward : null;
}

/** `inWords`, the sign of a negative mean as a minus. */
export function written(interval: Interval): string {
  return inWords(interval).replace(/^-/, '−');
}

/** The mean with its interval, or "undefined, because ...". */
export function measured(summary: Summary, measure: Measure): string {
  const interval = summary.values[measure];
  return interval === null ? undefinedBecause(measure) : written(interval);
}

export function undefinedBecause(measure: Measure): string {
  return `undefined, because ${UNDEFINED[measure] ?? 'no run came to a value'}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** Three significant digits, without an exponent up to a million; a learning-rate ratio of 0.15000000000000002 is 0.15. */
export function figure(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? size.toExponential(1).replace('e+', 'e').replace('e-', 'e−')
      : size >= 100
        ? Math.round(size).toLocaleString('en')
        : String(Number(size.toPrecision(3)));
  return (value < 0 ? '−' : '') + text;
}
