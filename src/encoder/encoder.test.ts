import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { avalanche, fingerprint, fnv1a } from './hash.ts';
import { hashedEncoder } from './hashedEncoder.ts';
import { words } from './words.ts';

const encoder = hashedEncoder(256);
const cosine = (a: string, b: string, of = encoder): number => {
  const y = of.encode(b);
  return of.encode(a).reduce((sum, value, i) => sum + value * y[i], 0);
};
const RUNS = { seed: 1, numRuns: 300 };

describe('hashing', () => {
  test('gives the published test vectors of FNV-1a', () => {
    expect(fnv1a('')).toBe(0x811c9dc5);
    expect(fnv1a('a')).toBe(0xe40c292c);
    expect(fnv1a('foobar')).toBe(0xbf9cf968);
  });

  test('gives the published MurmurHash3 of nothing with seeds 0, 1 and 0xffffffff, which is its finaliser', () => {
    expect(avalanche(0)).toBe(0);
    expect(avalanche(1)).toBe(0x514e28b7);
    expect(avalanche(0xffffffff)).toBe(0x81f16f39);
  });
});

describe('the fingerprint of a file', () => {
  const file = Uint8Array.from({ length: 103 }, (_, i) => (i * 7919) % 251);

  test('is another where any one byte is another, a byte is missing or two words change places', () => {
    const prints = new Set([fingerprint(file), fingerprint(file.subarray(0, 102))]);
    for (const i of file.keys()) prints.add(fingerprint(file.map((byte, j) => (j === i ? byte ^ 1 : byte))));
    prints.add(fingerprint(file.map((byte, j) => (j < 8 ? file[(j + 4) % 8] : byte))));
    prints.add(fingerprint(Uint8Array.of(0)));
    prints.add(fingerprint(Uint8Array.of(0, 0)));
    expect(prints.size).toBe(2 + 103 + 3);
  });

  test('does not depend on where in memory the file lies', () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(fingerprint(shifted.subarray(3))).toBe(fingerprint(file));
    expect(fingerprint(file)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('words', () => {
  test('are runs of letters and digits of any script, in lower case', () => {
    expect(words("What's the GDP of Côte d'Ivoire?")).toEqual(['what', 's', 'the', 'gdp', 'of', 'côte', 'd', 'ivoire']);
    expect(words('x1 = 3')).toEqual(['x1', '3']);
    expect(words('北京 हिन्दी')).toEqual(['北京', 'हिन्दी']);
  });

  test('do not depend on how accents are composed', () => {
    expect(words('Co\u0302te')).toEqual(words('C\u00f4te'));
  });

  test('of punctuation there are none', () => {
    expect(words(' -- ?! ')).toEqual([]);
  });
});

describe('the hashed encoder', () => {
  test('gives vectors of norm 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const norm = Math.sqrt(encoder.encode(text).reduce((sum, value) => sum + value * value, 0));
        expect(norm).toBeCloseTo(words(text).length === 0 ? 0 : 1, 5);
      }),
      RUNS,
    );
  });

  test.each(['', '   ', '?!'])('gives the zero vector, and no NaN, for %j', (text) => {
    expect(encoder.encode(text).every((value) => value === 0)).toBe(true);
    expect(encoder.encode(text)).toHaveLength(256);
  });

  test('of a word is its features by hand: the word, and its n-grams with ends marked', () => {
    // "ox" has the feature "word ox" (weight 1) and the 3-grams "<ox", "ox>" and the 4-gram "<ox>" (0.5 / sqrt 3 each);
    // each adds its signed weight to eight entries.
    const sum = new Float64Array(256);
    const gram = 0.5 / Math.sqrt(3);
    for (const [feature, weight] of [
      ['word ox', 1],
      ['characters <ox', gram],
      ['characters ox>', gram],
      ['characters <ox>', gram],
    ] as const) {
      for (let i = 1; i <= 8; i++) {
        const mixed = avalanche(fnv1a(feature) ^ Math.imul(i, 0x9e3779b9));
        sum[(mixed >>> 1) % 256] += mixed % 2 === 0 ? weight : -weight;
      }
    }
    const norm = Math.hypot(...sum);
    const vector = encoder.encode('ox');
    for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(sum[i] / norm, 6);
    expect(vector.some((value) => Math.abs(value) > 0.2)).toBe(true);
  });

  test('gives the same vector from every instance, whatever was encoded before', () => {
    const other = hashedEncoder(256);
    for (let i = 0; i < 50; i++) other.encode(`text ${i}`);
    expect(other.encode('put a heated mug on the desk')).toEqual(encoder.encode('put a heated mug on the desk'));
    expect(other.id).toBe(encoder.id);
  });

  test('keeps what it encoded, up to a bound', () => {
    const bounded = hashedEncoder(4);
    const first = bounded.encode('first');
    expect(bounded.encode('first')).toBe(first);
    for (let i = 0; i < 20_000; i++) bounded.encode(`${i}`);
    expect(bounded.encode('first')).not.toBe(first);
    expect(bounded.encode('first')).toEqual(first);
  });

  test('puts similar texts closer than different ones', () => {
    const goal = 'put a heated mug on the desk';
    expect(cosine(goal, 'put a heated cup on the desk')).toBeGreaterThan(0.6);
    expect(cosine(goal, 'what is the capital of France')).toBeLessThan(0.3);
  });

  test('knows forms of one word from other words, on average', () => {
    const verbs = ['heat', 'clean', 'open', 'border', 'visit', 'paint', 'search', 'accept'];
    const mean = (shift: number): number =>
      verbs.reduce((sum, verb, i) => sum + cosine(verb, `${verbs[(i + shift) % verbs.length]}ed`) / verbs.length, 0);
    expect(mean(0)).toBeGreaterThan(mean(1) + 0.05);
  });

  test('reads whole words first: sharing one weighs more than sharing letters', () => {
    const list = ['mug', 'desk', 'lamp', 'river', 'border', 'currency', 'fridge', 'spoon'];
    const mean = (change: (word: string) => string): number =>
      list.reduce((sum, word) => sum + cosine(word, change(word)) / list.length, 0);
    // By weights: 1.25 / sqrt(1.25 * 3.5) = 0.6 with a word before it; with three letters after it, under 0.2.
    expect(mean((word) => `red ${word}`)).toBeGreaterThan(0.5);
    expect(mean((word) => `${word}ery`)).toBeLessThan(0.25);
    expect(mean((word) => `${word}ery`)).toBeGreaterThan(0.03);
  });

  test('tells "capital of currency" from "currency of capital"', () => {
    // Shared: three words and their n-grams, 3 + 3 * 0.25; not shared: two bigrams. 3.75 / 5.75 = 0.65.
    expect(cosine('capital of currency', 'currency of capital')).toBeGreaterThan(0.5);
    expect(cosine('capital of currency', 'currency of capital')).toBeLessThan(0.8);
  });

  test('keeps distinct words nearly orthogonal: their cosines have mean square 1 / 256, and none is large', () => {
    const list = Array.from({ length: 200 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}q${(i * 7919) % 1009}`);
    let [squares, pairs, worst] = [0, 0, 0];
    for (const [i, a] of list.entries()) {
      for (const b of list.slice(0, i)) {
        const value = cosine(a, b);
        squares += value * value;
        worst = Math.max(worst, Math.abs(value));
        pairs++;
      }
    }
    expect((256 * squares) / pairs).toBeGreaterThan(0.9);
    expect((256 * squares) / pairs).toBeLessThan(1.2);
    // One entry a word instead of eight would make about 40 of these 19,900 pairs nearly equal or opposite.
    expect(worst).toBeLessThan(0.5);
  });

  test.each([0, -4, 6.5, Number.NaN])('refuses %d dimensions', (dimensions) => {
    expect(() => hashedEncoder(dimensions)).toThrow(RangeError);
  });
});
