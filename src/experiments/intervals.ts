/** Means with their 95% intervals by Student's t, and paired differences over seeds. */
import jstat from 'jstat';

export interface Interval {
  readonly mean: number;
  /** of the 95% interval; null for one value, which has none */
  readonly halfWidth: number | null;
  readonly n: number;
}

/** @returns null where there are no values */
export function meanInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, halfWidth: null, n };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: jstat.studentt.inv(0.975, n - 1) * Math.sqrt(variance / n), n };
}

/** The mean of `a - b` over the keys (seeds) that both have. */
export function pairedDifference(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Interval | null {
  return meanInterval(
    [...a].flatMap(([key, value]) => {
      const other = b.get(key);
      return other === undefined ? [] : [value - other];
    }),
  );
}

export function lower({ mean, halfWidth }: Interval): number {
  return mean - (halfWidth ?? 0);
}

export function upper({ mean, halfWidth }: Interval): number {
  return mean + (halfWidth ?? 0);
}

/** "0.912 +- 0.013 (n = 3)"; without an interval "0.912 (n = 1)". */
export function inWords(interval: Interval | null, digits = 3): string {
  if (interval === null) return 'undefined';
  const { mean, halfWidth, n } = interval;
  const width = halfWidth === null ? '' : ` ± ${halfWidth.toFixed(digits)}`;
  return `${mean.toFixed(digits)}${width} (n = ${n})`;
}
