import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inWords, lower, meanInterval, pairedDifference, upper } from './intervals.ts';

test('a 95% interval is Student’s: mean ± t s / sqrt(n)', () => {
  // 1, 2, 3: s = 1, t(0.975, 2) = 4.30265 (any table of t), 4.30265 / sqrt(3) = 2.48414.
  const interval = meanInterval([1, 2, 3]);
  expect(interval?.mean).toBe(2);
  expect(interval?.halfWidth).toBeCloseTo(2.48414, 4);
  // Five values, t(0.975, 4) = 2.77645: s = sqrt(2.5).
  expect(meanInterval([1, 2, 3, 4, 5])?.halfWidth).toBeCloseTo((2.77645 * Math.sqrt(2.5)) / Math.sqrt(5), 4);
});

test('one value has no interval, and no values have no mean', () => {
  expect(meanInterval([0.5])).toEqual({ mean: 0.5, halfWidth: null, n: 1 });
  expect(meanInterval([])).toBeNull();
  expect(inWords(null)).toBe('undefined');
  expect(inWords(meanInterval([0.5]))).toBe('0.500 (n = 1)');
  expect(inWords(meanInterval([1, 2, 3]), 2)).toBe('2.00 ± 2.48 (n = 3)');
});

test('equal values have an interval of width 0, and an interval holds its mean', () => {
  expect(meanInterval([2, 2, 2])?.halfWidth).toBe(0);
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2 }), (values) => {
      const interval = meanInterval(values);
      if (interval === null) throw new Error('there are values');
      expect(lower(interval)).toBeLessThanOrEqual(interval.mean);
      expect(upper(interval)).toBeGreaterThanOrEqual(interval.mean);
    }),
  );
});

test('a paired difference is taken over the seeds that both have', () => {
  const a = new Map([
    [0, 5],
    [1, 7],
    [2, 1],
  ]);
  const b = new Map([
    [1, 4],
    [2, 0],
    [3, 9],
  ]);
  expect(pairedDifference(a, b)).toEqual(meanInterval([3, 1]));
  expect(pairedDifference(a, new Map())).toBeNull();
});
