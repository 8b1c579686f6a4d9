import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadExpression, isMadeOf, workOut } from './expression.ts';
import { rational, textOf } from './rational.ts';

const worth = (text: string): string => textOf(workOut(text).value);

describe('an expression', () => {
  test.each([
    ['8 * 3', '24'],
    ['(8 - 5) * 7 + 3', '24'],
    ['2 + 3 * 4', '14'],
    ['12 / 8', '3/2'],
    ['8 - 5 - 1', '2'],
    ['24 / 4 / 3', '2'],
    ['8 × 3 = 25', '24'],
    ['8 x 3', '24'],
    ['9 ÷ 2 − 1', '7/2'],
    ['((7))', '7'],
  ])('%s is worked out exactly: %s', (text, value) => {
    expect(worth(text)).toBe(value);
  });

  test('tells the numbers that stand in it, in their order', () => {
    expect(workOut('(8 - 5) * 8').numbers).toEqual([8, 5, 8]);
  });

  test.each([
    ['', 'it ends too early'],
    ['8 *', 'it ends too early'],
    ['(8 + 1', 'a parenthesis is not closed'],
    ['8 3', '"3" does not belong there'],
    ['eight', '"e" is no number'],
    ['8 / 0', 'it has no exact value'],
    ['8 ^ 2', '"^" does not belong there'],
    ['9'.repeat(201), 'it is too long for an expression'],
    ['99999999 * 99999999 * 99999999', 'it has no exact value'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => workOut(text)).toThrow(BadExpression);
    expect(() => workOut(text)).toThrow(why);
  });

  test('of any text is worked out or refused, and ends at once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: fc.constantFrom(...'0189+-*/()x= ') }), (text) => {
        try {
          workOut(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadExpression);
        }
      }),
    );
  });

  test('agrees with the arithmetic of the language on sums and products of small numbers', () => {
    const small = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(small, small, small, (a, b, c) => {
        expect(workOut(`${a} + ${b} * ${c}`).value).toEqual(rational(a + b * c));
        expect(workOut(`(${a} - ${b}) * ${c}`).value).toEqual(rational((a - b) * c));
      }),
    );
  });
});

test('numbers are made of those given, each as often as it is there', () => {
  expect(isMadeOf([3, 8], [8, 3, 5])).toBe(true);
  expect(isMadeOf([3, 3], [3, 5])).toBe(false);
  expect(isMadeOf([3, 3], [3, 5, 3])).toBe(true);
  expect(isMadeOf([], [1])).toBe(true);
  expect(isMadeOf([4], [])).toBe(false);
});
