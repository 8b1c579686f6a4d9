/**
 * What a text is made of: words, word bigrams and character n-grams, each with its weight. The hashed encoder adds them up
 * in few entries; here they stay apart.
 */
import { boundedCache } from './boundedCache.ts';
import type { Encoder, TextFeatures } from './encoder.ts';
import { fnv1a } from './hash.ts';
import { words } from './words.ts';

const WORD_WEIGHT = 1;
/** A bag of words cannot tell "capital of currency" from "currency of capital". */
export const BIGRAM_WEIGHT = 1;
/** Euclidean weight of all the character n-grams of one word together: enough to know "heated" from "heat". */
const CHARACTER_WEIGHT = 0.5;
const CHARACTER_LENGTHS = [3, 4, 5];
const CACHED_TEXTS = 20_000;

/** The features of one word by itself: the word, and its n-grams with its ends marked, so that a prefix differs from a middle. */
export function featuresOfWord(word: string): (readonly [feature: string, weight: number])[] {
  const characters = [...`<${word}>`];
  const grams = CHARACTER_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(0, characters.length - length + 1) }, (_, i) =>
      characters.slice(i, i + length).join(''),
    ),
  );
  const weight = CHARACTER_WEIGHT / Math.sqrt(grams.length);
  return [[`word ${word}`, WORD_WEIGHT], ...grams.map((gram) => [`characters ${gram}`, weight] as const)];
}

/** The feature of two words that follow one another. */
export function bigram(first: string, second: string): string {
  return `bigram ${first} ${second}`;
}

/** The features of a text, summed where they occur more than once. */
export function textFeatures(text: string): TextFeatures {
  const sums = new Map<number, number>();
  const add = (feature: string, weight: number) => {
    const key = fnv1a(feature);
    sums.set(key, (sums.get(key) ?? 0) + weight);
  };
  const list = words(text);
  for (const [i, word] of list.entries()) {
    for (const [feature, weight] of featuresOfWord(word)) add(feature, weight);
    if (i > 0) add(bigram(list[i - 1], word), BIGRAM_WEIGHT);
  }
  const entries = [...sums].sort(([a], [b]) => a - b);
  const norm = Math.sqrt(entries.reduce((total, [, weight]) => total + weight * weight, 0));
  return {
    keys: Uint32Array.from(entries, ([key]) => key),
    weights: Float64Array.from(entries, ([, weight]) => weight / norm),
  };
}

/** The cosine of two texts by what they have in common, 0 to 1; 0 where either has no words. */
export function likeness(a: TextFeatures, b: TextFeatures): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.keys.length && j < b.keys.length; ) {
    if (a.keys[i] === b.keys[j]) sum += a.weights[i++] * b.weights[j++];
    else if (a.keys[i] < b.keys[j]) i++;
    else j++;
  }
  return sum;
}

/**
 * The same encoder, but its cosines are taken of the words themselves. Between hashed vectors those of unrelated texts are
 * not 0 but spread around it by 1 / sqrt(dimensions), which is as much as one word among fifteen makes.
 */
export function matchingWords(encoder: Encoder): Encoder {
  return { ...encoder, id: `${encoder.id}-words`, features: boundedCache(CACHED_TEXTS, textFeatures) };
}
