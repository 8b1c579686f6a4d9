import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomSource } from '../worlds/random.ts';
import { bootstrap, logMeanExp, mean } from './bootstrap.ts';

const each = <T>(values: readonly T[]): T[][] => values.map((value) => [value]);
const finite = fc.double({ min: -50, max: 50, noNaN: true });
const samples = fc.array(fc.array(finite, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

describe('the log of the mean of exponentials', () => {
  test('is that of the values', () => {
    expect(logMeanExp([0, Math.log(3)])).toBeCloseTo(Math.log(2), 12);
    expect(logMeanExp([7])).toBe(7);
    expect(logMeanExp([2000, 2000 + Math.log(3)])).toBeCloseTo(2000 + Math.log(2), 9);
    expect(logMeanExp([-2000, -2000 + Math.log(3)])).toBeCloseTo(-2000 + Math.log(2), 9);
  });

  test('lies between the mean and the largest', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 8 }), (values) => {
        expect(logMeanExp(values)).toBeGreaterThanOrEqual(mean(values) - 1e-9);
        expect(logMeanExp(values)).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('a bootstrap interval', () => {
  test('covers the true mean about as often as it says', () => {
    const repeats = 300;
    for (const [confidence, least, most] of [
      [0.5, 0.4, 0.6],
      [0.9, 0.84, 0.95],
    ]) {
      let covered = 0;
      for (let i = 0; i < repeats; i++) {
        const random = randomSource(1, i);
        // 40 tasks with an exponential distribution of mean 1, each the mean of two visits.
        const groups = Array.from({ length: 40 }, () => [-Math.log(1 - random.next()), -Math.log(1 - random.next())]);
        const { low, high } = bootstrap(groups, mean, confidence, randomSource(2, i));
        if (low <= 1 && 1 <= high) covered++;
      }
      expect(covered / repeats).toBeGreaterThan(least);
      expect(covered / repeats).toBeLessThan(most);
    }
  });

  test('is as wide as the normal one for a mean of many', () => {
    const random = randomSource(3);
    const values = Array.from({ length: 200 }, () => random.next());
    const m = mean(values);
    const error = Math.sqrt(mean(values.map((value) => (value - m) ** 2)) / values.length);
    const { mean: middle, low, high } = bootstrap(each(values), mean, 0.9, randomSource(4));
    expect(middle).toBe(m);
    // 1.645 standard errors to each side; 400 draws find the ends to about a tenth.
    expect((m - low) / error).toBeGreaterThan(1.4);
    expect((m - low) / error).toBeLessThan(1.9);
    expect((high - m) / error).toBeGreaterThan(1.4);
    expect((high - m) / error).toBeLessThan(1.9);
  });

  test('draws groups whole: visits of one task tell no more than one of them', () => {
    const values = [1, 4, 9, 16, 25];
    const once = bootstrap(each(values), mean, 0.9, randomSource(5));
    const often = bootstrap(
      values.map((value) => Array<number>(10).fill(value)),
      mean,
      0.9,
      randomSource(5),
    );
    expect(often).toEqual(once);
    expect(once.low).toBeLessThan(once.high);
  });

  test('has no width for values that are one, and for one group', () => {
    expect(bootstrap(each([2, 2, 2]), mean, 0.9, randomSource(6))).toEqual({ mean: 2, low: 2, high: 2 });
    expect(bootstrap([[1, 2, 6]], mean, 0.9, randomSource(6))).toEqual({ mean: 3, low: 3, high: 3 });
  });

  test('is the same for the same seed, wider with more confidence, and moves with the values', () => {
    fc.assert(
      fc.property(samples, fc.nat(), finite, (groups, seed, by) => {
        const of = (values: readonly (readonly number[])[], confidence: number) =>
          bootstrap(values, mean, confidence, randomSource(seed));
        const narrow = of(groups, 0.5);
        const wide = of(groups, 0.95);
        expect(of(groups, 0.5)).toEqual(narrow);
        expect(wide.low).toBeLessThanOrEqual(narrow.low);
        expect(narrow.low).toBeLessThanOrEqual(narrow.high);
        expect(narrow.high).toBeLessThanOrEqual(wide.high);
        const moved = of(
          groups.map((group) => group.map((value) => value + by)),
          0.5,
        );
        expect(moved.low).toBeCloseTo(narrow.low + by, 9);
        expect(moved.mean).toBeCloseTo(narrow.mean + by, 9);
        expect(moved.high).toBeCloseTo(narrow.high + by, 9);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('depends on the seed', () => {
    const groups = each([1, 4, 9, 16, 25, 36, 49, 64]);
    expect(bootstrap(groups, mean, 0.9, randomSource(7))).not.toEqual(bootstrap(groups, mean, 0.9, randomSource(8)));
  });
});
