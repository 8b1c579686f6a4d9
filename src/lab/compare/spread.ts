/** Many runs of one kind at each step: their mean and how sure it is. Pure. */
import { meanInterval } from '../../experiments/intervals.ts';
import type { Point, Spread } from '../curves/series.ts';

/** A mean and the ends of its 95% interval, which are equal to it where one run alone says nothing about others. */
export interface MeanSpread extends Spread {
  readonly step: number;
  readonly mean: number;
}

/**
 * The mean over the runs that have a value at a step, with its interval, at every step that one of them has.
 * On a logarithmic scale the mean is the geometric one, and its interval that of the logarithms.
 */
export function spreadOf(series: readonly (readonly Point[])[], scale: 'linear' | 'log'): readonly MeanSpread[] {
  const bySteps = new Map<number, number[]>();
  for (const points of series) {
    for (const [step, value] of points) bySteps.set(step, [...(bySteps.get(step) ?? []), value]);
  }
  return [...bySteps].sort(([a], [b]) => a - b).map(([step, values]) => ({ step, ...interval(values, scale) }));
}

const ROUNDING = 1e-12;
const NOTHING = { mean: Number.NaN, halfWidth: null, n: 0 };

export function interval(values: readonly number[], scale: 'linear' | 'log' = 'linear'): Omit<MeanSpread, 'step'> {
  const [to, from] = scale === 'log' ? [Math.log, Math.exp] : [same, same];
  const { mean, halfWidth, n } = meanInterval(values.map(to)) ?? NOTHING;
  // Equal values differ by rounding.
  const half = halfWidth !== null && halfWidth > ROUNDING * Math.abs(mean) ? halfWidth : 0;
  return { mean: from(mean), low: from(mean - half), high: from(mean + half), n };
}

const same = (value: number): number => value;

/** Means over at most `most` stretches of steps, the same stretches for every run of `total` steps. */
export function binned(points: readonly Point[], total: number, most: number): readonly Point[] {
  if (total <= most) return points;
  const width = total / most;
  const bins = new Map<number, number[]>();
  for (const [step, value] of points) {
    const bin = Math.max(0, Math.ceil(step / width) - 1);
    bins.set(bin, [...(bins.get(bin) ?? []), value]);
  }
  return [...bins].map(([bin, values]) => [
    Math.round((bin + 1) * width),
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ]);
}
