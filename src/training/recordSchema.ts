/** What a record of unknown origin must hold. */
import { z } from 'zod';
import type { Evaluation, ReferenceMeasures } from './records.ts';
import { CREDIT_TRUTHS, CREDITS, REFERENCE_POLICIES } from './records.ts';

const count = z.int().min(0);
const split = z.enum(['train', 'validation', 'heldOut']);
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
