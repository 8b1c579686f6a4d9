/** Hurried tasks: a share of a suite's tasks has a single step, however many the others have, so that only a skill solves them. */
import { z } from 'zod';
import type { RandomSource } from './random.ts';

/** The setting: the share of the tasks, 0 to 1, that have a single step. */
export const hurriedSchema = z.number().min(0).max(1).default(0);

/**
 * Steps of one task: 1 if it is hurried, else what the suite gives it.
 * @param random of this task alone, used for nothing else
 */
export function hurriedSteps<Steps extends number | undefined>(
  share: number,
  random: RandomSource,
  steps: Steps,
): Steps | 1 {
  return random.next() < share ? 1 : steps;
}
