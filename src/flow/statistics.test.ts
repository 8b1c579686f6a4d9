import { describe, expect, test } from 'vitest';
import { leastSquaresSlope, ranks, spearman } from './statistics.ts';

describe('ranks', () => {
  test('start at 1 and ties share the mean of theirs', () => {
    expect(Array.from(ranks([30, 10, 20, 20]))).toEqual([4, 1, 2.5, 2.5]);
    expect(Array.from(ranks([]))).toEqual([]);
  });

  test('tie values that differ by no more than the tolerance', () => {
    expect(Array.from(ranks([1, 1 + 1e-12, 2], 1e-9))).toEqual([1.5, 1.5, 3]);
    expect(Array.from(ranks([1, 1 + 1e-12, 2]))).toEqual([1, 2, 3]);
  });
});

describe("Spearman's rho", () => {
  test('is 1 for any rising relation and -1 for any falling one', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [3, 2, 1, 0])).toBeCloseTo(-1, 12);
  });

  test('without ties is 1 - 6 sum d^2 / (n (n^2 - 1))', () => {
    // d = (1, 1, 2, 1, 1)
    expect(spearman([1, 2, 3, 4, 5], [2, 1, 5, 3, 4])).toBeCloseTo(1 - (6 * 8) / (5 * 24), 12);
  });

  test('with ties is the correlation of the shared ranks', () => {
    // ranks (1, 2.5, 2.5, 4) and (1, 2, 3, 4): 4.5 / sqrt(4.5 * 5)
    expect(spearman([0, 1, 1, 2], [0, 1, 2, 3])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  test('of a constant sample does not exist', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1, 2, 3], [1, 1 + 1e-12, 1], 1e-9)).toBeNull();
  });

  test('of samples of two lengths is refused', () => {
    expect(() => spearman([1, 2, 3], [1, 2])).toThrow(RangeError);
  });
});

describe('the least-squares slope', () => {
  test('of points on a line is its slope', () => {
    expect(leastSquaresSlope([0, 1, 2], [5, 3, 1])).toBeCloseTo(-2, 12);
  });

  test('of points off a line is sum (x - mx)(y - my) / sum (x - mx)^2', () => {
    // x about 1: (-1, 0, 1); y about 2: (-1, -1, 2); 3 / 2
    expect(leastSquaresSlope([0, 1, 2], [1, 1, 4])).toBeCloseTo(1.5, 12);
  });

  test('on a constant does not exist', () => {
    expect(leastSquaresSlope([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull();
  });
});
