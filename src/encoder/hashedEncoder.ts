/**
 * The built-in encoder: hashed words, word bigrams and character n-grams, no download.
 *
 * Each feature adds its weight, with hashed signs, to eight hashed entries (Feature Hashing for Large Scale
 * Multitask Learning, 0902.2206; with several entries a feature, Sparser Johnson-Lindenstrauss Transforms,
 * 1012.1577): two words that meet in one entry still differ in the others. Sums are in float64 and in a fixed
 * order, with operations that IEEE 754 rounds alike on every machine.
 */
import { boundedCache } from './boundedCache.ts';
import type { Encoder } from './encoder.ts';
import { avalanche, fnv1a } from './hash.ts';
import { BIGRAM_WEIGHT, bigram, featuresOfWord } from './textFeatures.ts';
import { words } from './words.ts';

const ENTRIES = 8;
/** Texts and words that are kept. A vector of 256 entries takes 1 KB for a text, 2 KB for a word. */
const CACHED_TEXTS = 20_000;
const CACHED_WORDS = 5_000;
const GOLDEN = 0x9e3779b9;

/**
 * An encoder of `dimensions` entries with caches of its own.
 * @throws RangeError unless dimensions is a positive integer
 */
export function hashedEncoder(dimensions = 256): Encoder {
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RangeError(`The hashed encoder needs a positive number of dimensions, not ${dimensions}.`);
  }
  const wordSum = boundedCache(CACHED_WORDS, (word) => {
    const sum = new Float64Array(dimensions);
    for (const [feature, weight] of featuresOfWord(word)) addFeature(sum, feature, weight);
    return sum;
  });
  const encode = boundedCache(CACHED_TEXTS, (text) => {
    const sum = new Float64Array(dimensions);
    const list = words(text);
    for (const [i, word] of list.entries()) {
      const ofWord = wordSum(word);
      for (let d = 0; d < dimensions; d++) sum[d] += ofWord[d];
      if (i > 0) addFeature(sum, bigram(list[i - 1], word), BIGRAM_WEIGHT);
    }
    const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    return Float32Array.from(sum, (value) => (norm === 0 ? 0 : value / norm));
  });
  return { id: `hashed-${dimensions}`, dimensions, encode };
}

function addFeature(sum: Float64Array, feature: string, weight: number): void {
  const hash = fnv1a(feature);
  for (let i = 1; i <= ENTRIES; i++) {
    const mixed = avalanche(hash ^ Math.imul(i, GOLDEN));
    sum[(mixed >>> 1) % sum.length] += (mixed & 1) === 0 ? weight : -weight;
  }
}
