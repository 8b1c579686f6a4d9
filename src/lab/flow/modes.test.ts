import { describe, expect, it } from 'vitest';
import { magnification, signOf } from './modes.ts';

describe('the sign of a credit', () => {
  it('is neutral near zero, and where there is no credit', () => {
    expect(signOf(0.3)).toBe('plus');
    expect(signOf(-0.3)).toBe('minus');
    expect(signOf(0.05)).toBe('neutral');
    expect(signOf(null)).toBe('neutral');
  });
});

describe('the magnification of differences', () => {
  const edge = (learned: number, exact: number) => ({ learned, exact });

  it('brings the largest difference to at most 0.4 of the whole', () => {
    expect(magnification([edge(0.5, 0.45), edge(0.2, 0.21)])).toBe(8);
    expect(magnification([edge(0.9, 0.1)])).toBe(1);
  });

  it('has a limit, so that noise stays small', () => {
    expect(magnification([edge(0.5, 0.5001)])).toBe(20);
    expect(magnification([edge(0.5, 0.5)])).toBe(1);
  });
});
