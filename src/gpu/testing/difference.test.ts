import { expect, it } from 'vitest';
import { firstDifference, normRelative } from './difference.ts';

it('measures a difference against the norm of the second tensor', () => {
  expect(normRelative([3, 5], [3, 4])).toBeCloseTo(1 / 5, 12);
  expect(normRelative([], [])).toBe(0);
  expect(normRelative([0, 0], [0, 0])).toBe(0);
});

it('makes any difference from zero large', () => {
  expect(normRelative([1e-6], [0])).toBeGreaterThan(1);
});

it('lets equal infinities be, and nothing else that is not finite', () => {
  expect(normRelative([Number.NEGATIVE_INFINITY, 1.5], [Number.NEGATIVE_INFINITY, 1])).toBe(0.5);
  expect(normRelative([Number.NaN, 1], [0, 1])).toBeNaN();
  expect(normRelative([Number.POSITIVE_INFINITY], [1])).toBe(Number.POSITIVE_INFINITY);
  expect(normRelative([1], [Number.POSITIVE_INFINITY])).toBeNaN();
});

it('refuses tensors of different length', () => {
  expect(() => normRelative([1], [1, 2])).toThrow(/1 elements.*2/);
});

it('names the first element in which integers differ', () => {
  expect(firstDifference([1, 2, 3], [1, 2, 3])).toBeUndefined();
  expect(firstDifference([1, 9, 9], [1, 2, 3])).toBe('element 1 is 9, and 2 in the twin');
  expect(firstDifference([1], [1, 2])).toBe('element 1 is undefined, and 2 in the twin');
});
