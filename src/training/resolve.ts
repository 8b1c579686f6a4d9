/** From what a person writes to a config in which every default stands, or an error that names the place. */
import type { Split } from '../graph/world.ts';
import type { Suite } from '../worlds/suite.ts';
import { BadConfig, holding, problemsOf } from './badConfig.ts';
import type { RunConfig } from './config.ts';
import { configSchema, type OBJECTIVES } from './config.ts';
import { suites } from './suites.ts';

/** Squared residuals are divided by T^2 in `ttb`, which wants a larger rate than the others. */
const LEARNING_RATE: Readonly<Record<(typeof OBJECTIVES)[number], number>> = { ttb: 0.004, tb: 0.002, vargrad: 0.002 };
/** The head of log Z learns faster than the policy, the backward policy slower. */
const Z_RATIO = 10;
const BACKWARD_RATIO = 0.5;
const MAX_RATE = 10;

/** In the order in which records list them. */
export const SPLITS: readonly Split[] = ['train', 'validation', 'heldOut'];

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

  const { objective, optimiser } = config;
  const lr = optimiser.lr ?? LEARNING_RATE[objective.kind];
  return {
    ...config,
    suites: entries,
    objective: {
      ...objective,
      beta: objective.beta ?? commonDefault('beta', named),
      eps: objective.eps ?? commonDefault('eps', named),
    },
    optimiser: {
      ...optimiser,
      lr,
      lrZ: optimiser.lrZ ?? Math.min(Z_RATIO * lr, MAX_RATE),
      lrBackward: optimiser.lrBackward ?? BACKWARD_RATIO * lr,
    },
  };
}

/** The suite of a resolved config's entry. @throws BadConfig for a name that is not registered */
export function suiteOf(entry: SuiteEntry, registry: readonly Suite<unknown>[] = suites): Suite<unknown> {
  return findSuite(entry.name, 'suites[].name', registry);
}
