import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fnv1a } from './hash.ts';
import { hashedEncoder } from './hashedEncoder.ts';
import { likeness, matchingWords, textFeatures } from './textFeatures.ts';
import { words } from './words.ts';

const like = (a: string, b: string): number => likeness(textFeatures(a), textFeatures(b));
const anyText = fc
  .array(fc.constantFrom('make', '24', 'from', '3', '5', 'and', '8', 'mug', 'Côte', '?'))
  .map((list) => list.join(' '));

describe('the features of a text', () => {
  test('are those of its words and what follows what, by hand', () => {
    // "ox ox": the word twice (2), its three n-grams twice (2 * 0.5 / sqrt 3 each), the bigram once.
    const { keys, weights } = textFeatures('ox ox');
    const expected = new Map(
      [
        ['word ox', 2],
        ['characters <ox', 1 / Math.sqrt(3)],
        ['characters ox>', 1 / Math.sqrt(3)],
        ['characters <ox>', 1 / Math.sqrt(3)],
        ['bigram ox ox', 1],
      ].map(([feature, weight]) => [fnv1a(`${feature}`), Number(weight) / Math.sqrt(4 + 1 + 1)] as const),
    );
    expect([...keys]).toEqual([...expected.keys()].sort((a, b) => a - b));
    for (const [i, key] of keys.entries()) expect(weights[i]).toBeCloseTo(expected.get(key) ?? Number.NaN, 14);
  });

  test('are none where there are no words', () => {
    expect(textFeatures('?!').keys).toHaveLength(0);
    expect(like('?!', 'ox')).toBe(0);
    expect(like('', '')).toBe(0);
  });
});

describe('likeness', () => {
  test('is a cosine: 0 to 1, the same either way, 1 with itself', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(like(a, b)).toBe(like(b, a));
        expect(like(a, b)).toBeGreaterThanOrEqual(0);
        expect(like(a, b)).toBeLessThanOrEqual(1 + 1e-12);
        expect(like(a, a)).toBeCloseTo(words(a).length === 0 ? 0 : 1, 12);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  test('is by hand for one word of two: 1.25 / sqrt(1.25 * 3.5)', () => {
    expect(like('mug', 'red mug')).toBeCloseTo(1.25 / Math.sqrt(1.25 * 3.5), 12);
    expect(like('mug', 'desk')).toBe(0);
  });

  test('is what the cosine of hashed vectors comes to as they grow', () => {
    const wide = hashedEncoder(16384);
    const pairs = [
      ['make 24 from 3, 5 and 8', 'multiply 8 by 3 to make 24'],
      ['put a heated mug on the desk', 'heat the mug with the stove'],
      ['capital of currency', 'currency of capital'],
    ];
    for (const [a, b] of pairs) {
      const y = wide.encode(b);
      const cosine = wide.encode(a).reduce((sum, value, i) => sum + value * y[i], 0);
      // Their spread is 1 / 128.
      expect(Math.abs(cosine - like(a, b))).toBeLessThan(4 / 128);
    }
  });
});

test('an encoder that matches words has the same vectors, and says that it is another one', () => {
  const plain = hashedEncoder(32);
  const matching = matchingWords(plain);
  expect(matching.id).toBe('hashed-32-words');
  expect(matching.encode('red mug')).toBe(plain.encode('red mug'));
  expect(matching.features?.('red mug')).toEqual(textFeatures('red mug'));
  expect(plain.features).toBeUndefined();
});
