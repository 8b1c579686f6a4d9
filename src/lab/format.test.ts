import { describe, expect, it } from 'vitest';
import { duration, figure } from './format.ts';

describe('figure', () => {
  it.each([
    [0.03119, '0.0312'],
    [1250.4, '1,250'],
    [-0.88, '−0.88'],
    [0.00000031, '3.1e−7'],
    [2, '2'],
    [3_000_000, '3e6'],
    [null, 'undefined'],
    [Number.NaN, 'undefined'],
    [-Infinity, '−∞'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});

it.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [200, '3 min'],
  [3600, '1 h'],
  [4800, '1 h 20 min'],
])('a duration of %d seconds is %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
