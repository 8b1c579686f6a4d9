/** What a `results.json` must hold. */

import { z } from 'zod';
import { SPLITS } from '../graph/world.ts';
import { referenceSchema } from '../training/recordSchema.ts';
import { CREDIT_TRUTHS, CREDITS } from '../training/records.ts';
import type { Measure, Results } from './results.ts';
import { MEASURES } from './results.ts';
import { experimentSchema } from './spec.ts';

const interval = z.strictObject({ mean: z.number(), halfWidth: z.number().nullable(), n: z.int().min(1) });
const split = z.enum(SPLITS);
const place = { arm: z.string(), suite: z.string(), split };
const tuned = z.record(z.string(), z.json());
const UNKNOWN = Object.fromEntries(MEASURES.map((measure) => [measure, null]));
/** Results that were kept before a measure came up hold nothing of it. */
const eachMeasure = <T extends z.ZodType>(value: T) =>
  z.preprocess(
    (held) => (typeof held === 'object' && held !== null ? { ...UNKNOWN, ...held } : held),
    z.strictObject(Object.fromEntries(MEASURES.map((measure) => [measure, value])) as Record<Measure, T>),
  );

export const resultsSchema = z.strictObject({
  version: z.literal(1),
  experiment: experimentSchema,
  runs: z.array(
    z.strictObject({
      id: z.string(),
      arm: z.string(),
      suite: z.string(),
      seed: z.int(),
      stage: z.enum(['tune', 'main']),
      tuned,
      status: z.enum(['finished', 'cancelled', 'failed', 'not run']),
      error: z.string().nullable(),
      seconds: z.number().nullable(),
      device: z.string().nullable(),
    }),
  ),
  tunings: z.array(
    z.strictObject({
      arm: z.string(),
      suite: z.string(),
      chosen: tuned,
      tried: z.array(z.strictObject({ tuned, value: z.number().nullable() })),
    }),
  ),
  rows: z.array(
    z.strictObject({
      ...place,
      seed: z.int(),
      run: z.string(),
      steps: z.int(),
      executorCalls: z.number(),
      values: eachMeasure(z.number().nullable()),
    }),
  ),
  summaries: z.array(
    z.strictObject({
      ...place,
      values: eachMeasure(interval.nullable()),
      differences: eachMeasure(interval.nullable()).nullable(),
      executorCalls: interval.nullable(),
      credits: z.array(
        z.strictObject({
          credit: z.enum(CREDITS),
          against: z.enum(CREDIT_TRUTHS),
          spearman: interval.nullable(),
          hitAtOne: interval.nullable(),
        }),
      ),
      learned: z.boolean(),
    }),
  ),
  curves: z.array(
    z.strictObject({
      ...place,
      measure: z.enum(MEASURES),
      points: z.array(z.strictObject({ step: z.int(), interval })),
    }),
  ),
  // Results from before the course of credits was kept hold none of it.
  creditCurves: z
    .array(
      z.strictObject({
        ...place,
        credit: z.enum(CREDITS),
        against: z.enum(CREDIT_TRUTHS),
        points: z.array(
          z.strictObject({ step: z.int(), spearman: interval.nullable(), hitAtOne: interval.nullable() }),
        ),
      }),
    )
    .default([]),
  references: z.array(referenceSchema),
  variances: z.array(
    z.strictObject({
      objective: z.string(),
      suite: z.string(),
      walks: z.int(),
      step: z.int(),
      seed: z.int(),
      ratio: z.number().nullable(),
    }),
  ),
}) satisfies z.ZodType<Results>;
