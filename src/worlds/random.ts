/**
 * Counter-based random numbers for making tasks: draw `n` of a source is a hash of (key, n), so a
 * task depends on its own key (seed, split, index) and on no task made before it.
 *
 * The mixer is the 32-bit finaliser of MurmurHash3 (Appleby), whose avalanche is full; two words
 * of it, fed differently, make one number of 53 bits.
 */

/** Integers of 32 bits, unsigned. */
const WORD = 2 ** 32;
const GOLDEN = 0x9e3779b9;

export interface RandomSource {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform among the integers 0 .. n-1. @throws RangeError unless n is an integer from 1 to 2^32 */
  int(n: number): number;
  /** A new array with the same elements in random order (Fisher-Yates). */
  shuffle<T>(xs: readonly T[]): T[];
  /** One element. @throws RangeError if there is none */
  pick<T>(xs: readonly T[]): T;
}

/**
 * A source of random numbers that is a pure function of its key.
 * @param key unsigned 32-bit integers, e.g. seed, split, index; their order and number matter
 * @throws RangeError if a part of the key is not an unsigned 32-bit integer
 */
export function randomSource(...key: number[]): RandomSource {
  let high = mix(key.length ^ GOLDEN);
  let low = mix(key.length + GOLDEN);
  for (const part of key) {
    if (!Number.isInteger(part) || part < 0 || part >= WORD) {
      throw new RangeError(`A random key is made of integers from 0 to ${WORD - 1}, not ${part}.`);
    }
    high = mix(high ^ mix(part + GOLDEN));
    low = mix(Math.imul(low, 5) + mix(part ^ high));
  }
  let counter = 0;
  const word = (): number => {
    const n = counter++;
    return mix(high ^ mix(low + Math.imul(n, GOLDEN))) >>> 0;
  };
  const next = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  const int = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > WORD) throw new RangeError(`int(n) needs 1 <= n <= ${WORD}, not ${n}.`);
    return Math.floor(next() * n);
  };
  return {
    next,
    int,
    shuffle: (xs) => {
      const out = [...xs];
      for (let i = out.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [out[i], out[j]] = [out[j], out[i]];
      }
      return out;
    },
    pick: (xs) => xs[int(xs.length)],
  };
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
