/** What the runs of an experiment came to: rows, means with intervals, differences from the baseline, statuses. */

import { objectives } from '../training/objectives.ts';
import type { CreditScore, Evaluation, ReferenceMeasures, RunRecord } from '../training/records.ts';
import type { Interval } from './intervals.ts';
import { meanInterval, pairedDifference } from './intervals.ts';
import type { Experiment, PlannedRun, Tuning } from './spec.ts';
import { tuningGrid } from './spec.ts';

/** A number of a final evaluation; null where it is 0/0. */
export type Measure =
  | 'success'
  | 'pass3'
  | 'pass5'
  | 'reward'
  | 'l1'
  | 'jsd'
  | 'logZError'
  | 'slope'
  | 'modesKept'
  | 'entropyRatio'
  | 'collapse'
  | 'creditSpearman'
  | 'loss'
  | 'attainable'
  | 'skills';
/** Measures of a run as a whole. */
type OfRun = 'loss' | 'skills';
export const MEASURES: readonly Measure[] = [
  'success',
  'pass3',
  'pass5',
  'reward',
  'l1',
  'jsd',
  'logZError',
  'slope',
  'modesKept',
  'entropyRatio',
  'collapse',
  'creditSpearman',
  'loss',
  'attainable',
  'skills',
];

/** Steps whose mean is the final training loss; of a record's steps no others are read here. */
export const LAST_STEPS = 10;

/** Why a measure may be null. */
export const UNDEFINED: Readonly<Partial<Record<Measure, string>>> = {
  logZError: 'the objective has no log Z',
  slope: 'the reward is constant, or some outcome has probability 0',
  modesKept: 'no outcome is solved',
  entropyRatio: 'the target is nearly one outcome (entropy below 0.1)',
  collapse: 'nothing is solved',
  creditSpearman: 'no trajectory has three steps of different credit',
  loss: 'the run took no step',
  attainable: 'the run is from before there were libraries',
};

/** A measure of an evaluation; `loss` is none, it is that of the last training steps, nor is the number of skills. */
export function measureOf(evaluation: Evaluation, measure: Exclude<Measure, OfRun>): number | null {
  if (measure === 'modesKept') {
    return evaluation.modesOfTarget === 0 ? null : evaluation.modes / evaluation.modesOfTarget;
  }
  if (measure === 'entropyRatio') {
    return evaluation.entropyOfTarget < 0.1 ? null : evaluation.entropy / evaluation.entropyOfTarget;
  }
  return evaluation[measure];
}

/** A run that was made, as far as it came. */
export interface Made {
  readonly run: PlannedRun;
  /** null where it failed before there was a record */
  readonly record: RunRecord | null;
  readonly error: string | null;
}

/** One line of the table: one run on one split. */
export interface Row {
  readonly arm: string;
  readonly suite: string;
  readonly seed: number;
  readonly split: Evaluation['split'];
  readonly run: string;
  readonly steps: number;
  readonly executorCalls: number;
  readonly values: Readonly<Record<Measure, number | null>>;
}

export interface Curve {
  readonly arm: string;
  readonly suite: string;
  readonly split: Evaluation['split'];
  readonly measure: Measure;
  readonly points: readonly { readonly step: number; readonly interval: Interval }[];
}

/** How one credit agreed with one exact credit in the course of training; see `CreditScore`. */
export interface CreditCurve {
  readonly arm: string;
  readonly suite: string;
  readonly split: Evaluation['split'];
  readonly credit: CreditScore['credit'];
  readonly against: CreditScore['against'];
  readonly points: readonly {
    readonly step: number;
    readonly spearman: Interval | null;
    readonly hitAtOne: Interval | null;
  }[];
}

/** An arm on a suite and split: means over seeds. */
export interface Summary {
  readonly arm: string;
  readonly suite: string;
  readonly split: Evaluation['split'];
  readonly values: Readonly<Record<Measure, Interval | null>>;
  /** `arm - baseline`, seed by seed; null without a baseline */
  readonly differences: Readonly<Record<Measure, Interval | null>> | null;
  readonly executorCalls: Interval | null;
  readonly credits: readonly {
    readonly credit: string;
    readonly against: string;
    readonly spearman: Interval | null;
    readonly hitAtOne: Interval | null;
  }[];
  /** Whether it learned anything: see `learned`. */
  readonly learned: boolean;
}

export interface Variance {
  readonly objective: string;
  readonly suite: string;
  readonly walks: number;
  /** of the baseline's training, whose parameters it is measured at */
  readonly step: number;
  readonly seed: number;
  /** `tr Cov / |mean|^2` of the policy's gradient over minibatches */
  readonly ratio: number | null;
}

export interface Results {
  readonly version: 1;
  readonly experiment: Experiment;
  readonly runs: readonly {
    readonly id: string;
    readonly arm: string;
    readonly suite: string;
    readonly seed: number;
    readonly stage: PlannedRun['stage'];
    readonly tuned: Readonly<Record<string, unknown>>;
    readonly status: 'finished' | 'cancelled' | 'failed' | 'not run';
    readonly error: string | null;
    readonly seconds: number | null;
    readonly device: string | null;
  }[];
  readonly tunings: readonly Tuning[];
  readonly rows: readonly Row[];
  readonly summaries: readonly Summary[];
  readonly curves: readonly Curve[];
  /** Of experiments whose figure is `credit`; none elsewhere. */
  readonly creditCurves: readonly CreditCurve[];
  readonly references: readonly ReferenceOf[];
  readonly variances: readonly Variance[];
}

/** Mean over seeds, since they have tasks of their own. Where libraries grow it is of the library that runs begin with. */
export type ReferenceOf = Omit<ReferenceMeasures, 'suite'> & { readonly suite: string };

/** Measures whose course is kept. */
const CURVES: readonly Exclude<Measure, OfRun>[] = [
  'success',
  'l1',
  'modesKept',
  'collapse',
  'entropyRatio',
  'creditSpearman',
  'attainable',
];

const finals = ({ evaluations }: RunRecord): readonly Evaluation[] => {
  const last = evaluations.at(-1)?.step;
  return evaluations.filter(({ step }) => step === last);
};

/** The best of the grid for each tuned arm and suite: mean over the tuning seeds, of the first among equals. */
export function chooseTuned(experiment: Experiment, made: readonly Made[]): readonly Tuning[] {
  const { tune } = experiment;
  if (tune === undefined) return [];
  return experiment.suites.flatMap(({ name: suite }) =>
    tune.arms.map((arm): Tuning => {
      const tried = tuningGrid(tune, arm).map((tuned) => {
        const key = JSON.stringify(tuned);
        const values = made
          .filter(({ run }) => run.arm === arm && run.suite === suite && JSON.stringify(run.tuned) === key)
          .map(({ record }) => {
            const ends = record ? finals(record) : [];
            return (ends.find(({ split }) => split === 'validation') ?? ends[0])?.[tune.by] ?? null;
          });
        const value = values.some((one) => one === null) ? null : (meanInterval(values as number[])?.mean ?? null);
        return { tuned, value };
      });
      const sign = tune.by === 'l1' ? -1 : 1;
      const best = tried.reduce((a, b) =>
        b.value !== null && (a.value === null || sign * b.value > sign * a.value) ? b : a,
      );
      return { arm, suite, chosen: best.tuned, tried };
    }),
  );
}

/** Rows, means and differences of everything that was made. */
export function summarise(
  experiment: Experiment,
  planned: readonly PlannedRun[],
  made: readonly Made[],
  tunings: readonly Tuning[],
  variances: readonly Variance[] = [],
): Results {
  const main = made.filter(({ run }) => run.stage === 'main');
  const rows = main.flatMap(({ run, record }) => (record ? rowsOf(run, record) : []));
  const suites = experiment.suites.map(({ name }) => name);
  const references = suites.flatMap((suite) => referencesOf(suite, main));
  const keys = [...new Map(rows.map((row) => [`${row.suite} ${row.split} ${row.arm}`, row])).values()];
  const summaries = suites.flatMap((suite) =>
    experiment.arms.flatMap(({ name: arm }) =>
      keys
        .filter((key) => key.suite === suite && key.arm === arm)
        .map(({ split }) => summaryOf(experiment, rows, main, references, { arm, suite, split })),
    ),
  );
  const byId = new Map(made.map((one) => [`${one.run.stage} ${one.run.id}`, one]));
  return {
    version: 1,
    experiment,
    runs: planned.map(({ id, arm, suite, seed, stage, tuned }) => {
      const found = byId.get(`${stage} ${id}`);
      const stopped = found?.record?.stopped;
      const error = found?.error ?? (typeof stopped === 'object' ? stopped.error : null);
      return {
        id,
        arm,
        suite,
        seed,
        stage,
        tuned,
        status: error !== null ? 'failed' : typeof stopped === 'string' ? stopped : 'not run',
        error,
        seconds: found?.record?.timing.seconds ?? null,
        device: found?.record ? `${found.record.device.backend}, ${found.record.device.adapter}` : null,
      };
    }),
    tunings,
    rows,
    summaries,
    curves: curvesOf(experiment, main),
    creditCurves: experiment.figure === 'credit' ? creditCurvesOf(experiment, main) : [],
    references,
    variances,
  };
}

/** Of one run a seed, whichever its arm: they have the same tasks. */
function referencesOf(suite: string, main: readonly Made[]): ReferenceOf[] {
  const bySeed = new Map<number, RunRecord['references']>();
  for (const { run, record } of main)
    if (run.suite === suite && record !== null && record.references.length > 0 && !bySeed.has(run.seed))
      bySeed.set(run.seed, record.references);
  const [first, ...others] = bySeed.values();
  return (first ?? []).map((one) => {
    const each = [first, ...others].flatMap((rows) =>
      rows.filter((row) => row.suite === one.suite && row.split === one.split && row.policy === one.policy),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const of = (
      field: 'success' | 'pass3' | 'pass5' | 'reward' | 'l1' | 'jsd' | 'modes' | 'modesOfTarget' | 'entropy',
    ) => mean(each.map((row) => row[field]));
    const collapses = each.flatMap(({ collapse }) => (collapse === null ? [] : [collapse]));
    return {
      policy: one.policy,
      split: one.split,
      suite,
      tasks: each.reduce((sum, { tasks }) => sum + tasks, 0),
      success: of('success'),
      pass3: of('pass3'),
      pass5: of('pass5'),
      reward: of('reward'),
      l1: of('l1'),
      jsd: of('jsd'),
      modes: of('modes'),
      modesOfTarget: of('modesOfTarget'),
      entropy: of('entropy'),
      collapse: collapses.length === 0 ? null : mean(collapses),
    };
  });
}

function rowsOf(run: PlannedRun, record: RunRecord): Row[] {
  return finals(record).map((evaluation) => ({
    arm: run.arm,
    suite: run.suite,
    seed: run.seed,
    split: evaluation.split,
    run: run.id,
    steps: evaluation.step,
    executorCalls: evaluation.executorCalls,
    values: Object.fromEntries(
      MEASURES.map((measure) => [measure, finalOf(run, record, evaluation, measure)]),
    ) as Row['values'],
  }));
}

/** What maximises reward has no log Z; a stand-in in its record is no estimate of one. */
function finalOf(run: PlannedRun, record: RunRecord, evaluation: Evaluation, measure: Measure): number | null {
  if (measure === 'loss') return lastLoss(record);
  if (measure === 'skills') return record.library.length;
  const none = measure === 'logZError' && objectives[run.config.objective.kind].family !== 'balance';
  return none ? null : measureOf(evaluation, measure);
}

function lastLoss({ steps }: RunRecord): number | null {
  const last = steps.slice(-LAST_STEPS);
  return last.length === 0 ? null : last.reduce((sum, { loss }) => sum + loss, 0) / last.length;
}

interface Key {
  readonly arm: string;
  readonly suite: string;
  readonly split: Evaluation['split'];
}

function summaryOf(
  experiment: Experiment,
  rows: readonly Row[],
  main: readonly Made[],
  references: readonly ReferenceOf[],
  key: Key,
): Summary {
  const of = (arm: string) =>
    rows.filter((row) => row.arm === arm && row.suite === key.suite && row.split === key.split);
  const bySeed = (arm: string, measure: Measure) =>
    new Map(
      of(arm).flatMap(({ seed, values }): [number, number][] => {
        const value = values[measure];
        return value === null ? [] : [[seed, value]];
      }),
    );
  const each = (make: (measure: Measure) => Interval | null) =>
    Object.fromEntries(MEASURES.map((measure) => [measure, make(measure)])) as Record<Measure, Interval | null>;
  const { baseline } = experiment;
  const values = each((measure) => meanInterval([...bySeed(key.arm, measure).values()]));
  const credits = main
    .filter(({ run }) => run.arm === key.arm && run.suite === key.suite)
    .flatMap(({ record }) => (record ? finals(record) : []))
    .filter(({ split }) => split === key.split)
    .map((evaluation) => evaluation.credits);
  return {
    ...key,
    values,
    differences:
      baseline === undefined || baseline === key.arm
        ? null
        : each((measure) => pairedDifference(bySeed(key.arm, measure), bySeed(baseline, measure))),
    executorCalls: meanInterval(of(key.arm).map(({ executorCalls }) => executorCalls)),
    credits: (credits[0] ?? []).map(({ credit, against }) => {
      const mean = (field: 'spearman' | 'hitAtOne') =>
        meanInterval(
          credits.flatMap((list) => {
            const value = list.find((row) => row.credit === credit && row.against === against)?.[field];
            return value === undefined || value === null ? [] : [value];
          }),
        );
      return { credit, against, spearman: mean('spearman'), hitAtOne: mean('hitAtOne') };
    }),
    learned: learned([...bySeed(key.arm, 'success').values()], references, key),
  };
}

/**
 * Whether an arm learned on a suite: whether at least half of its seeds have a success above twice the uniform policy's,
 * or above half of the target's where that is less. What has learned nothing has not collapsed either, and one seed of
 * five that learned does not make the five have learned.
 */
function learned(successes: readonly number[], references: readonly ReferenceOf[], { suite, split }: Key): boolean {
  const of = (policy: ReferenceOf['policy']) =>
    references.find((row) => row.policy === policy && row.suite === suite && row.split === split)?.success ?? 0;
  const bound = Math.min(2 * of('random'), of('optimal') / 2);
  return successes.filter((success) => success > bound).length >= successes.length / 2;
}

/** The evaluations of an arm's runs on a split of a suite, step by step. */
interface Course extends Key {
  readonly steps: readonly { readonly step: number; readonly evaluations: readonly Evaluation[] }[];
}

function coursesOf(experiment: Experiment, main: readonly Made[]): readonly Course[] {
  return experiment.suites.flatMap(({ name: suite }) =>
    experiment.arms.flatMap(({ name: arm }) => {
      const all = main
        .filter(({ run }) => run.arm === arm && run.suite === suite)
        .flatMap(({ record }) => record?.evaluations ?? []);
      const steps = [...new Set(all.map(({ step }) => step))].sort((a, b) => a - b);
      return [...new Set(all.map(({ split }) => split))].map((split) => ({
        arm,
        suite,
        split,
        steps: steps.map((step) => ({
          step,
          evaluations: all.filter((one) => one.step === step && one.split === split),
        })),
      }));
    }),
  );
}

/** Null where no value is defined. */
function meanOfDefined(values: readonly (number | null | undefined)[]): Interval | null {
  return meanInterval(values.filter((value) => value !== null && value !== undefined));
}

function curvesOf(experiment: Experiment, main: readonly Made[]): Curve[] {
  return coursesOf(experiment, main).flatMap(({ arm, suite, split, steps }) =>
    CURVES.map((measure): Curve => {
      const points = steps.flatMap(({ step, evaluations }) => {
        const interval = meanOfDefined(evaluations.map((one) => measureOf(one, measure)));
        return interval === null ? [] : [{ step, interval }];
      });
      return { arm, suite, split, measure, points };
    }),
  );
}

function creditCurvesOf(experiment: Experiment, main: readonly Made[]): CreditCurve[] {
  return coursesOf(experiment, main).flatMap(({ arm, suite, split, steps }) =>
    (steps.at(-1)?.evaluations[0]?.credits ?? []).map(({ credit, against }): CreditCurve => {
      const points = steps.flatMap(({ step, evaluations }) => {
        const scores = evaluations.map(({ credits }) =>
          credits.find((one) => one.credit === credit && one.against === against),
        );
        const spearman = meanOfDefined(scores.map((score) => score?.spearman));
        const hitAtOne = meanOfDefined(scores.map((score) => score?.hitAtOne));
        return spearman === null && hitAtOne === null ? [] : [{ step, spearman, hitAtOne }];
      });
      return { arm, suite, split, credit, against, points };
    }),
  );
}
