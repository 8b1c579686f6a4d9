/** From what a person writes to a config in which every default stands, or an error that names the place. */

import type { EvolutionSettings } from '../evolution/settings.ts';
import { executorSchema } from '../executor/settings.ts';
import { SPLITS } from '../graph/world.ts';
import { planKey, templateFault } from '../skills/plan.ts';
import type { Suite } from '../worlds/suite.ts';
import { BadConfig, holding, problemsOf } from './badConfig.ts';
import type { EncoderSettings, RunConfig } from './config.ts';
import { configSchema, encoderSettings } from './config.ts';
import { objectives } from './objectives.ts';
import { suites } from './suites.ts';

/** The backward policy learns slower than the policy. */
const BACKWARD_RATIO = 0.5;
const MAX_RATE = 10;
const HASHED_DIMENSIONS = 256;

/** In the order in which records list them. */

type SuiteEntry = RunConfig['suites'][number];

function findSuite(name: string, path: string, registry: readonly Suite<unknown>[]): Suite<unknown> {
  const suite = registry.find((candidate) => candidate.name === name);
  if (suite !== undefined) return suite;
  const names = registry.map((candidate) => holding(candidate.name)).join(', ');
  throw new BadConfig([{ path, holds: holding(name), allowed: `it may hold one of ${names}` }]);
}

function withSettings(entry: SuiteEntry, index: number, suite: Suite<unknown>): SuiteEntry {
  const parsed = suite.settings.safeParse(entry.settings);
  if (!parsed.success) {
    const prefix = ['suites', index, 'settings'];
    throw new BadConfig(problemsOf(suite.settings, entry.settings, parsed.error, prefix));
  }
  return { ...entry, settings: Object.fromEntries(Object.entries(parsed.data ?? {})) };
}

/** A suite may have fewer tasks than a split asks for; making the last one, without compiling it, tells. */
function checkCounts(entry: SuiteEntry, index: number, suite: Suite<unknown>, seed: number): void {
  for (const split of SPLITS) {
    if (entry[split] === 0) continue;
    try {
      suite.task(entry.settings, seed, split, entry[split] - 1);
    } catch (error) {
      const allowed = error instanceof Error ? error.message : String(error);
      throw new BadConfig([{ path: `suites[${index}].${split}`, holds: String(entry[split]), allowed }]);
    }
  }
}

/** The suites' common default of beta or eps. @throws BadConfig where they differ */
function commonDefault(field: 'beta' | 'eps', named: readonly Suite<unknown>[]): number {
  const value = named[0][field];
  if (named.every((suite) => suite[field] === value)) return value;
  const defaults = named.map((suite) => `${suite.name} ${suite[field]}`).join(', ');
  throw new BadConfig([
    {
      path: `objective.${field}`,
      holds: 'nothing',
      allowed: `a run has one ${field} and its suites have different defaults (${defaults}), so it must be given`,
    },
  ]);
}

/**
 * Checks a config and fills in its defaults: those of beta and eps from its suites, those of the
 * rates from its objective, those of a suite's settings from the suite. A resolved config resolves
 * to itself. Enumerates nothing.
 * @param registry the suites that may be named
 * @throws BadConfig
 */
export function resolveConfig(input: unknown, registry: readonly Suite<unknown>[] = suites): RunConfig {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw new BadConfig(problemsOf(configSchema, input, parsed.error));
  const config = parsed.data;

  const named: Suite<unknown>[] = [];
  const entries = config.suites.map((entry, index) => {
    const path = `suites[${index}].name`;
    const suite = findSuite(entry.name, path, registry);
    if (named.includes(suite)) {
      throw new BadConfig([{ path, holds: holding(entry.name), allowed: 'a run names each suite once' }]);
    }
    named.push(suite);
    const filled = withSettings(entry, index, suite);
    checkCounts(filled, index, suite, config.seed);
    return filled;
  });

  const { optimiser, rollout } = config;
  const { defaults, family } = objectives[config.objective.kind];
  const lr = optimiser.lr ?? defaults.lr;
  const objective = {
    ...config.objective,
    backward: config.objective.backward ?? (family === 'balance' ? 'learned' : 'uniform'),
    beta: config.objective.beta ?? commonDefault('beta', named),
    eps: config.objective.eps ?? commonDefault('eps', named),
    lambda: config.objective.lambda ?? defaults.lambda,
    updatesPerBatch: config.objective.updatesPerBatch ?? defaults.updatesPerBatch,
    entropyBonus: config.objective.entropyBonus ?? defaults.entropyBonus,
  };
  const resolved = {
    ...config,
    encoder: filledEncoder(config.encoder),
    suites: entries,
    objective,
    optimiser: {
      ...optimiser,
      lr,
      lrZ: optimiser.lrZ ?? Math.min(defaults.zRatio * lr, MAX_RATE),
      lrBackward: optimiser.lrBackward ?? BACKWARD_RATIO * lr,
      lrFlow: optimiser.lrFlow ?? Math.min(defaults.flowRatio * lr, MAX_RATE),
    },
    rollout: { ...rollout, epsilon: rollout.epsilon ?? defaults.epsilon },
  };
  checkObjective(resolved);
  checkLive(resolved, named);
  checkLibrary(resolved, named);
  // What changes nothing is not part of a run: two configs that run alike are one.
  const { evolution, library, executor, ...rest } = resolved;
  return {
    ...rest,
    supervisor: withoutIdle(resolved),
    ...(named.some(({ live }) => live) ? { executor: executor ?? executorSchema.parse({}) } : {}),
    ...(evolution?.enabled ? { evolution: withoutDefaults(evolution) } : {}),
    ...(library && library.length > 0 ? { library } : {}),
  };
}

/** The settings of evolution as they were before there was a choice of scores, where the choice is the one from then. */
function withoutDefaults(evolution: EvolutionSettings): EvolutionSettings {
  const { score, ...where } = evolution.where;
  return score === undefined || score === 'published' ? { ...evolution, where } : evolution;
}

/**
 * The settings of the Supervisor without those that change nothing: of a first P_B that is not learned, of a log F that is
 * not balanced, and of either where it is as it was before there was a choice. The log F of an objective that has another
 * by default is always said.
 */
function withoutIdle({ supervisor, objective }: RunConfig): RunConfig['supervisor'] {
  const { backwardStart, logF, ...shape } = supervisor;
  const learned = objective.backward === 'learned' || objective.backward === 'tlm';
  const { logZ, defaults } = objectives[objective.kind];
  const form = logF ?? defaults.logF;
  return {
    ...shape,
    ...(learned && backwardStart === 'uniform' ? { backwardStart } : {}),
    ...(logZ === 'flow' && (form !== 'head' || defaults.logF !== 'head') ? { logF: form } : {}),
  };
}

/** What cannot be done where tasks become known only as they are walked. @throws BadConfig */
function checkLive({ objective, rollout }: RunConfig, named: readonly Suite<unknown>[]): void {
  const live = named.find((suite) => suite.live);
  if (!live) return;
  const problems: { path: string; holds: string; allowed: string }[] = [];
  if (rollout.replay.capacity > 0) {
    problems.push({
      path: 'rollout.replay.capacity',
      holds: holding(rollout.replay.capacity),
      allowed: `the graphs of ${live.name} grow, and a replayed walk is known by its place in them: 0 switches replay off`,
    });
  }
  if (objective.demonstrations) {
    problems.push({
      path: 'objective.demonstrations',
      holds: holding(objective.demonstrations),
      allowed: `demonstrations are drawn from a task that is known as a whole, which those of ${live.name} are not`,
    });
  }
  if (problems.length > 0) throw new BadConfig(problems);
}

/** What another kind of encoder reads is left out. @throws BadConfig where a sentence encoder lacks a file */
function filledEncoder(given: ReturnType<typeof configSchema.parse>['encoder']): EncoderSettings {
  const { kind, dimensions, match, provider } = given;
  const filled = encoderSettings(
    kind === 'hashed'
      ? { kind, dimensions: dimensions ?? HASHED_DIMENSIONS, match }
      : { ...given, provider: provider ?? 'wasm' },
  );
  if (filled !== null) return filled;
  const lacking = (['model', 'tokenizer'] as const).filter((field) => given[field] === undefined);
  throw new BadConfig(
    lacking.map((field) => ({
      path: `encoder.${field}`,
      holds: 'nothing',
      allowed: `an encoder of kind "onnx" needs it: an absolute address (https://...) or the name of a file, e.g. ${holding(field === 'model' ? 'model.onnx' : 'tokenizer.json')}`,
    })),
  );
}

/** What the library and its evolution need. @throws BadConfig */
function checkLibrary({ suites: entries, evolution, library = [] }: RunConfig, named: readonly Suite<unknown>[]): void {
  const problems: { path: string; holds: string; allowed: string }[] = [];
  const refuse = (path: string, value: unknown, allowed: string) =>
    problems.push({ path, holds: holding(value), allowed });
  const names = library.map(({ name }) => name);
  for (const [i, { name, plan }] of library.entries()) {
    if (names.indexOf(name) < i) refuse(`library[${i}].name`, name, 'each skill has a name of its own');
    const same = library.findIndex((other) => planKey(other.plan, other.allows) === planKey(plan, library[i].allows));
    if (same < i) refuse(`library[${i}].plan`, plan, `it is the plan of library[${same}] already`);
    for (const [j, template] of plan.entries()) {
      const fault = templateFault(template);
      if (fault !== null) refuse(`library[${i}].plan[${j}]`, template, fault);
    }
  }
  const without = named.findIndex(({ skills }) => !skills);
  if (without >= 0 && (library.length > 0 || (evolution?.enabled && evolution.control !== 'none'))) {
    refuse(
      `suites[${without}].name`,
      named[without].name,
      'this suite carries out single acts alone, so a run with it has neither a library nor evolution',
    );
  }
  if (evolution?.enabled) {
    if (library.length > evolution.slots) {
      refuse(
        'evolution.slots',
        evolution.slots,
        `the library begins with ${library.length} skills and needs as much room`,
      );
    }
    const needed = evolution.control !== 'none' && evolution.control !== 'no-gate';
    if (needed && entries.every(({ validation }) => validation === 0)) {
      refuse(
        'suites[0].validation',
        entries[0].validation,
        'the gate decides on validation tasks: evolution needs some, e.g. 16 (or the control "no-gate")',
      );
    }
  }
  if (problems.length > 0) throw new BadConfig(problems);
}

/** What an objective cannot do, however it is set. @throws BadConfig */
function checkObjective({ objective, rollout }: RunConfig): void {
  const { kind, backward, demonstrations } = objective;
  const { family, leastWalksPerTask, backwardOver } = objectives[kind];
  const problems: { path: string; holds: string; allowed: string }[] = [];
  const refuse = (path: string, value: unknown, allowed: string) =>
    problems.push({ path, holds: holding(value), allowed });
  if (backward === 'learned' && family !== 'balance') {
    refuse(
      'objective.backward',
      backward,
      `${kind} does not train a backward policy: take "tlm", which trains one by likelihood, "uniform" or "maxent"`,
    );
  }
  if (backwardOver === 'actions' && backward !== 'learned') {
    refuse('objective.backward', backward, `the published backward policy of ${kind} is "learned"; ttb takes any`);
  }
  if (rollout.trajectoriesPerTask < leastWalksPerTask) {
    refuse(
      'rollout.trajectoriesPerTask',
      rollout.trajectoriesPerTask,
      `${kind} compares the trajectories of a task and needs ${leastWalksPerTask} of them at least`,
    );
  }
  if (rollout.replay.capacity > 0 && family !== 'balance') {
    refuse(
      'rollout.replay.capacity',
      rollout.replay.capacity,
      `${kind} learns from trajectories of its own policy only; a replay buffer is for the balance objectives (0 switches it off)`,
    );
  }
  if (demonstrations && rollout.replay.capacity > 0) {
    refuse('objective.demonstrations', demonstrations, 'a batch is of demonstrations or has replayed walks, not both');
  }
  if (demonstrations && family === 'reward') {
    refuse(
      'objective.demonstrations',
      demonstrations,
      `${kind} learns from trajectories of its own policy only; demonstrations are for sft and the balance objectives`,
    );
  }
  if (problems.length > 0) throw new BadConfig(problems);
}

/** The suite of a resolved config's entry. @throws BadConfig for a name that is not registered */
export function suiteOf(entry: SuiteEntry, registry: readonly Suite<unknown>[] = suites): Suite<unknown> {
  return findSuite(entry.name, 'suites[].name', registry);
}
