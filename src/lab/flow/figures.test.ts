import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, fixed, percent, readFigure, roundToSum, signed } from './figures.ts';

describe('figures', () => {
  it('carry a true minus sign, and zero carries none', () => {
    expect(fixed(-0.884)).toBe('−0.88');
    expect(fixed(-0.001)).toBe('0.00');
    expect(signed(0.62)).toBe('+0.62');
    expect(signed(0.001)).toBe('0.00');
  });

  it('do not round something to nothing or nearly all to all', () => {
    expect(percent(0.001)).toBe('under 1%');
    expect(percent(0.999)).toBe('over 99%');
    expect(percent(0)).toBe('0%');
    expect(percent(1)).toBe('100%');
  });

  it('count in words', () => {
    expect(count(1, 'state')).toBe('1 state');
    expect(count(2412, 'state')).toBe('2,412 states');
  });
});

describe('rounding to a sum', () => {
  it('makes the digits add up where rounding each alone would not', () => {
    const values = [0.333, 0.333, 0.334];
    expect(values.map((value) => fixed(value)).reduce((sum, text) => sum + readFigure(text), 0)).toBeCloseTo(0.99, 9);
    expect(roundToSum(values).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
  });

  it('adds up and moves no value by a full unit, for any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 }),
        (values) => {
          const rounded = roundToSum(values);
          const total = values.reduce((sum, value) => sum + value, 0);
          const shown = rounded.reduce((sum, value) => sum + value, 0);
          expect(Math.abs(shown - total)).toBeLessThanOrEqual(0.005 + 1e-9);
          for (const [i, value] of values.entries()) expect(Math.abs(rounded[i] - value)).toBeLessThan(0.01 + 1e-9);
        },
      ),
    );
  });
});
