import { describe, expect, it } from 'vitest';
import { duration, figure, fileSize } from './format.ts';

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

it.each([
  [1, '1 KB'],
  [1024, '1 KB'],
  [1025, '2 KB'],
  [2 ** 20, '1.0 MB'],
  [1.5 * 2 ** 20, '1.5 MB'],
])('a file of %d bytes has %s', (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});
