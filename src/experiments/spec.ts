/**
 * An experiment, version 1: a question, and the runs that answer it. Arms (what is compared) on suites (where), over
 * seeds; where an arm is tuned, a grid on seeds of its own, the same for all arms that are tuned.
 */
import { z } from 'zod';
import { BadConfig, problemsOf } from '../training/badConfig.ts';
import type { RunConfig } from '../training/config.ts';
import { configKey } from '../training/configKey.ts';
import { resolveConfig } from '../training/resolve.ts';

/** Overrides of a config by path, as `--set` takes them. */
const overrides = z.record(z.string(), z.json()).default({});
const seeds = z.array(z.int().min(0).max(0xffffffff)).min(1).max(32);
const arm = z.strictObject({ name: z.string().min(1), set: overrides });
const suite = arm.extend({
  seeds: seeds.optional(),
  /** What every run is held to: the most that its final L1 may be. */
  bar: z.strictObject({ l1: z.number().positive().max(2) }).optional(),
});

/** What a figure shows; each has its own conclusions. */
export const FIGURES = ['collapse', 'credit', 'temperature', 'variance', 'comparison', 'evolution'] as const;
/** What a tuned arm is chosen by: the final value on validation tasks where the suite has them, else on train. */
export const TUNED_BY = ['success', 'l1', 'reward'] as const;

const grid = z.record(z.string(), z.array(z.json()).min(1));

export const experimentSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
  title: z.string().min(1),
  question: z.string().min(1),
  figure: z.enum(FIGURES),
  base: z.record(z.string(), z.json()),
  suites: z.array(suite).min(1).max(16),
  arms: z.array(arm).min(1).max(64),
  seeds,
  /** The arm that the others are compared with, seed by seed. */
  baseline: z.string().optional(),
  tune: z
    .strictObject({
      arms: z.array(z.string()).min(1),
      /** One list of values a path; every combination is tried. */
      grid,
      /** For arms with other settings than the rest; as many combinations as `grid` has. */
      ofArm: z.record(z.string(), grid).default({}),
      seeds,
      by: z.enum(TUNED_BY),
    })
    .optional(),
  /** Gradients at the parameters of the baseline arm: how their variance falls with the batch, and over training. */
  variance: z
    .strictObject({
      walks: z.array(z.int().min(2).max(1024)).min(1),
      batches: z.int().min(2).max(256),
      /** Steps of the baseline's training at whose parameters it is measured, each at most its length; its end alone unless told. */
      steps: z.array(z.int().min(1)).min(1).optional(),
    })
    .optional(),
});

export type Experiment = z.output<typeof experimentSchema>;

/** One run of an experiment. */
export interface PlannedRun {
  /** of its resolved config: equal configs are one run */
  readonly id: string;
  readonly arm: string;
  readonly suite: string;
  readonly seed: number;
  readonly stage: 'tune' | 'main';
  /** The tuned values of this run, by path. */
  readonly tuned: Readonly<Record<string, unknown>>;
  readonly config: RunConfig;
}

/** What an arm was tuned to on a suite, and every value of the grid with what it came to. */
export interface Tuning {
  readonly arm: string;
  readonly suite: string;
  readonly chosen: Readonly<Record<string, unknown>>;
  readonly tried: readonly { readonly tuned: Readonly<Record<string, unknown>>; readonly value: number | null }[];
}

/** @throws BadConfig with the path of what is wrong */
export function readExperiment(input: unknown): Experiment {
  const parsed = experimentSchema.safeParse(input);
  if (!parsed.success) throw new BadConfig(problemsOf(experimentSchema, input, parsed.error));
  const experiment = parsed.data;
  const names = experiment.arms.map(({ name }) => name);
  const unknown = (path: string, name: string) => {
    if (!names.includes(name)) {
      throw new BadConfig([{ path, holds: JSON.stringify(name), allowed: `it may hold one of ${names.join(', ')}` }]);
    }
  };
  if (experiment.baseline !== undefined) unknown('baseline', experiment.baseline);
  const { tune } = experiment;
  for (const [i, name] of (tune?.arms ?? []).entries()) unknown(`tune.arms[${i}]`, name);
  for (const [name, own] of Object.entries(tune?.ofArm ?? {})) {
    unknown('tune.ofArm', name);
    const [size, common] = [gridOf(own).length, gridOf(tune?.grid ?? {}).length];
    if (size !== common) {
      const allowed = `the same effort is ${common} combinations, as many as tune.grid has`;
      throw new BadConfig([{ path: `tune.ofArm.${name}`, holds: `${size} combinations`, allowed }]);
    }
  }
  for (const [list, places] of [
    ['arms', experiment.arms],
    ['suites', experiment.suites],
  ] as const) {
    const twice = places.findIndex(({ name }, i) => places.findIndex((other) => other.name === name) !== i);
    if (twice >= 0) {
      throw new BadConfig([
        { path: `${list}[${twice}].name`, holds: places[twice].name, allowed: 'each name stands once' },
      ]);
    }
  }
  return experiment;
}

/** `config` with the value at `path`, e.g. `suites[0].settings.height`; what is missing on the way is made. */
export function withValue(config: unknown, path: string, value: unknown): unknown {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const put = (at: unknown, [key, ...rest]: readonly string[]): unknown => {
    if (key === undefined) return value;
    if (Array.isArray(at)) return at.map((held, i) => (String(i) === key ? put(held, rest) : held));
    const fields = typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>) : {};
    return { ...fields, [key]: put(fields[key], rest) };
  };
  return put(config, keys);
}

function withValues(config: unknown, values: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(values).reduce((made, [path, value]) => withValue(made, path, value), config);
}

/** The experiment with every run on one device, whatever its suites and arms say of it. */
export function onDevice(experiment: Experiment, device: RunConfig['device']): Experiment {
  const without = <T extends { readonly set: Experiment['base'] }>(place: T): T => {
    const { device: _, ...set } = place.set;
    return { ...place, set };
  };
  return {
    ...experiment,
    base: { ...experiment.base, device },
    suites: experiment.suites.map(without),
    arms: experiment.arms.map(without),
  };
}

/** The devices that an experiment's runs ask for, each once. */
export function devicesOf({ base, suites, arms }: Experiment): readonly string[] {
  const of = suites.flatMap((suite) => arms.map((arm) => arm.set.device ?? suite.set.device ?? base.device ?? 'auto'));
  return [...new Set(of.map(String))];
}

/** How many runs there are to be, tuning included; planned or not. */
export function countRuns({ suites, arms, seeds, tune }: Experiment): number {
  const main = suites.reduce((sum, suite) => sum + arms.length * (suite.seeds ?? seeds).length, 0);
  const tried =
    tune === undefined ? 0 : Object.values(tune.grid).reduce((product, values) => product * values.length, 1);
  const tuned = tune === undefined ? 0 : arms.filter(({ name }) => tune.arms.includes(name)).length;
  return main + tried * tuned * suites.length * (tune?.seeds.length ?? 0);
}

/** Every combination of the grid's values, the last path fastest. */
export function gridOf(
  grid: Readonly<Record<string, readonly unknown[]>>,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(grid).reduce<readonly Readonly<Record<string, unknown>>[]>(
    (made, [path, values]) => made.flatMap((held) => values.map((value) => ({ ...held, [path]: value }))),
    [{}],
  );
}

function plan(
  experiment: Experiment,
  stage: PlannedRun['stage'],
  arm: Experiment['arms'][number],
  suite: Experiment['suites'][number],
  seed: number,
  tuned: Readonly<Record<string, unknown>>,
): PlannedRun {
  const input = withValues(withValues(withValues(withValues(experiment.base, suite.set), arm.set), tuned), { seed });
  try {
    const config = resolveConfig(input);
    return { id: configKey(config), arm: arm.name, suite: suite.name, seed, stage, tuned, config };
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    throw new BadConfig(
      error.problems.map((problem) => ({ ...problem, path: `arm "${arm.name}" on "${suite.name}": ${problem.path}` })),
    );
  }
}

/** The combinations that are tried for an arm. */
export function tuningGrid(tune: NonNullable<Experiment['tune']>, arm: string): ReturnType<typeof gridOf> {
  return gridOf(tune.ofArm[arm] ?? tune.grid);
}

/** The runs of the grid, seed by seed, so that what is done at any time is spread over the arms. @throws BadConfig */
export function tuningRuns(experiment: Experiment): readonly PlannedRun[] {
  const { tune } = experiment;
  if (tune === undefined) return [];
  const arms = experiment.arms.filter(({ name }) => tune.arms.includes(name));
  return tune.seeds.flatMap((seed) =>
    experiment.suites.flatMap((suite) =>
      arms.flatMap((arm) =>
        tuningGrid(tune, arm.name).map((tuned) => plan(experiment, 'tune', arm, suite, seed, tuned)),
      ),
    ),
  );
}

/** The runs that answer the question, with what the arms were tuned to. @throws BadConfig */
export function mainRuns(experiment: Experiment, tunings: readonly Tuning[]): readonly PlannedRun[] {
  const chosen = (arm: string, suite: string) =>
    tunings.find((tuning) => tuning.arm === arm && tuning.suite === suite)?.chosen ?? {};
  const seedsOf = (suite: Experiment['suites'][number]) => suite.seeds ?? experiment.seeds;
  const all = [...new Set(experiment.suites.flatMap(seedsOf))];
  return all.flatMap((seed) =>
    experiment.suites
      .filter((suite) => seedsOf(suite).includes(seed))
      .flatMap((suite) =>
        experiment.arms.map((arm) => plan(experiment, 'main', arm, suite, seed, chosen(arm.name, suite.name))),
      ),
  );
}
