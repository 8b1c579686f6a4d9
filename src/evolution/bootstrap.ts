/** Intervals by resampling, seeded. */
import type { Estimate } from '../skills/skill.ts';
import type { RandomSource } from '../worlds/random.ts';

/** How often a sample is drawn again. */
const RESAMPLES = 400;

/**
 * A statistic with its percentile bootstrap interval. Whole groups are drawn again, with replacement: visits of one
 * task share its log Z and are no independent draws.
 * @param groups at least one, none of them empty
 * @param statistic of all values of the drawn groups
 * @param confidence coverage, e.g. 0.9
 */
export function bootstrap<T>(
  groups: readonly (readonly T[])[],
  statistic: (values: readonly T[]) => number,
  confidence: number,
  random: RandomSource,
): Estimate {
  const drawn = Array.from({ length: RESAMPLES }, () =>
    statistic(groups.flatMap(() => groups[random.int(groups.length)])),
  ).sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  const at = (q: number): number => drawn[Math.min(RESAMPLES - 1, Math.max(0, Math.round(q * (RESAMPLES - 1))))];
  return { mean: statistic(groups.flat()), low: at(tail), high: at(1 - tail) };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `log mean exp` */
export function logMeanExp(values: readonly number[]): number {
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return max + Math.log(mean(values.map((value) => Math.exp(value - max))));
}
