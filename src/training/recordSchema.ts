/** What a record of unknown origin must hold. */

import { z } from 'zod';
import { eventSchema } from '../evolution/events.ts';
import { SPLITS } from '../graph/world.ts';
import { skillSchema } from '../skills/skill.ts';
import { BadConfig, type Problem, problemsOf } from './badConfig.ts';
import type { Evaluation, ReferenceMeasures, RunRecord, StepMetrics } from './records.ts';
import { CREDIT_TRUTHS, CREDITS, REFERENCE_POLICIES } from './records.ts';
import { resolveConfig } from './resolve.ts';

const count = z.int().min(0);
const split = z.enum(SPLITS);
const measures = {
  success: z.number(),
  pass3: z.number(),
  pass5: z.number(),
  reward: z.number(),
  l1: z.number(),
  jsd: z.number(),
  modes: z.number(),
  entropy: z.number(),
  collapse: z.number().nullable(),
};

export const evaluationSchema = z.strictObject({
  ...measures,
  step: count,
  suite: z.string(),
  split,
  tasks: count,
  targetSuccess: z.number(),
  attainable: z.number().nullable().default(null),
  unexplored: z.number().min(0).max(1).optional(),
  skillShares: z.array(z.strictObject({ slot: count, name: z.string(), share: z.number() })).optional(),
  logZError: z.number().nullable(),
  slope: z.number().nullable(),
  modesOfTarget: z.number(),
  entropyOfTarget: z.number(),
  creditSpearman: z.number().nullable(),
  credits: z.array(
    z.strictObject({
      credit: z.enum(CREDITS),
      against: z.enum(CREDIT_TRUTHS),
      spearman: z.number().nullable(),
      hitAtOne: z.number().nullable(),
    }),
  ),
  executorCalls: count,
}) satisfies z.ZodType<Evaluation>;

export const referenceSchema: z.ZodType<ReferenceMeasures> = z.strictObject({
  ...measures,
  policy: z.enum(REFERENCE_POLICIES),
  suite: z.string(),
  split,
  tasks: count,
  modesOfTarget: z.number(),
});

/** A run that failed may hold what is no number, which JSON writes as null. */
const metric = z.preprocess(
  (value) => (value === null ? Number.NaN : value),
  z.custom<number>((value) => typeof value === 'number', 'it may hold a number, or null for none'),
);

const stepSchema = z.strictObject({
  step: count,
  loss: metric,
  logZ: metric,
  success: metric,
  reward: metric,
  length: metric,
  gradPolicy: metric,
  gradBackward: metric,
  gradLogZ: metric,
  states: count,
  executed: count,
}) satisfies z.ZodType<StepMetrics>;

/** A record but for its config, which `resolveConfig` checks. */
const recordSchema = z.strictObject({
  version: z.literal(1),
  config: z.unknown(),
  device: z.strictObject({ backend: z.enum(['webgpu', 'cpu']), adapter: z.string(), software: z.boolean() }),
  encoder: z.strictObject({ id: z.string(), dimensions: count }).optional(),
  steps: z.array(stepSchema),
  evaluations: z.array(evaluationSchema),
  references: z.array(referenceSchema),
  // Records from before there were libraries have neither.
  library: z.array(skillSchema).default([]),
  events: z.array(eventSchema).default([]),
  timing: z.strictObject({ startedAt: z.string(), seconds: z.number(), stepsPerSecond: metric }),
  stopped: z.union([z.enum(['finished', 'cancelled']), z.strictObject({ error: z.string() })]),
}) satisfies z.ZodType<Omit<RunRecord, 'config'>>;

/** What was read is no record of a run; the message is about its first fault. */
export class BadRecord extends Error {
  override readonly name = 'BadRecord';
  readonly problems: readonly Problem[];
  constructor(problems: readonly [Problem, ...Problem[]]) {
    const [{ path, holds, allowed }] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(`${path === '' ? 'It' : path} holds ${holds}; ${allowed}${more}`);
    this.problems = problems;
  }
}

/** The record in a value of unknown origin, its config resolved. @throws BadRecord */
export function parseRecord(input: unknown): RunRecord {
  const parsed = recordSchema.safeParse(input);
  if (!parsed.success) throw badRecord(problemsOf(recordSchema, input, parsed.error));
  try {
    return { ...parsed.data, config: resolveConfig(parsed.data.config) };
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    throw badRecord(error.problems.map((problem) => ({ ...problem, path: `config.${problem.path}` })));
  }
}

function badRecord([first, ...rest]: readonly Problem[]): BadRecord {
  return new BadRecord([
    first ?? { path: '', holds: 'something else', allowed: 'it may hold a run’s record' },
    ...rest,
  ]);
}
