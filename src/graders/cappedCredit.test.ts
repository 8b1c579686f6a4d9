import { expect, test } from 'vitest';
import { cappedCredit } from './cappedCredit.ts';

test('a solved outcome is worth 1 and an unsolved one at most 0.4, in proportion to what it got right', () => {
  expect(cappedCredit(true, 1)).toBe(1);
  expect(cappedCredit(false, 2 / 3)).toBeCloseTo(0.8 / 3, 12);
  expect(cappedCredit(false, 1)).toBe(0.4);
  expect(cappedCredit(false, 0)).toBe(0);
});

test('credit outside [0, 1] is refused', () => {
  expect(() => cappedCredit(false, 1.01)).toThrow(RangeError);
  expect(() => cappedCredit(false, Number.NaN)).toThrow(RangeError);
});
