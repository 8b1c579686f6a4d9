import { describe, expect, test } from 'vitest';
import { randomSource } from './random.ts';

const draws = (n: number, ...key: number[]) => {
  const random = randomSource(...key);
  return Array.from({ length: n }, () => random.next());
};

/** Sum of (seen - expected)^2 / expected: about `bins - 1` with deviation sqrt(2 (bins - 1)). */
const chiSquared = (counts: readonly number[]) => {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
};

describe('the counter-based random source', () => {
  test('gives the same numbers for the same key and others for any other key', () => {
    expect(draws(20, 7, 1, 3)).toEqual(draws(20, 7, 1, 3));
    const first = new Set<number>();
    const keys = [[], [0], [0, 0], [1], [0, 1], [1, 0], [7, 1, 3], [7, 3, 1], [2 ** 32 - 1]];
    for (const key of keys) first.add(randomSource(...key).next());
    expect(first.size).toBe(keys.length);
  });

  test('gives numbers in [0, 1) whose mean and bins are those of the uniform distribution', () => {
    const xs = draws(100_000, 1, 2, 3);
    expect(xs.every((x) => x >= 0 && x < 1)).toBe(true);
    // deviation of the mean: sqrt(1/12/n) = 0.0009; five of them
    expect(Math.abs(xs.reduce((a, b) => a + b, 0) / xs.length - 0.5)).toBeLessThan(0.0046);
    const bins = new Array<number>(64).fill(0);
    for (const x of xs) bins[Math.floor(x * 64)]++;
    // 63 degrees of freedom: mean 63, deviation 11.2; five of them
    expect(chiSquared(bins)).toBeLessThan(120);
  });

  test('gives uncorrelated first numbers for consecutive keys', () => {
    const pairs = new Array<number>(64).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const a = Math.floor(randomSource(5, 0, i).next() * 8);
      const b = Math.floor(randomSource(5, 0, i + 1).next() * 8);
      pairs[a * 8 + b]++;
    }
    expect(chiSquared(pairs)).toBeLessThan(120);
  });

  test('shuffles into every order equally often, keeping the elements', () => {
    const counts = new Map<string, number>();
    const random = randomSource(11);
    const original = ['a', 'b', 'c', 'd'];
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(original).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: mean 23, deviation 6.8; five of them
    expect(chiSquared([...counts.values()])).toBeLessThan(57);
    expect(original).toEqual(['a', 'b', 'c', 'd']);
  });

  test('refuses a key or a range that is not an integer it can hold', () => {
    expect(() => randomSource(-1)).toThrow(RangeError);
    expect(() => randomSource(0.5)).toThrow(RangeError);
    expect(() => randomSource(2 ** 32)).toThrow(RangeError);
    expect(() => randomSource(0).int(0)).toThrow(RangeError);
    expect(() => randomSource(0).pick([])).toThrow(RangeError);
    expect(randomSource(0).int(1)).toBe(0);
  });
});
