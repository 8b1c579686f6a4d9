/** What can be done with two numbers, and what can be made of several. */
import type { Rational } from './rational.ts';
import { add, compare, divide, multiply, rational, subtract, textOf } from './rational.ts';

export interface Combination {
  /** `multiply 8 by 3 to make 24`: what is made stands after the same word as what a task asks for. */
  readonly text: string;
  readonly result: Rational;
}

/**
 * The ways to make one number, never a negative one, of two that are not negative. Where order does not matter the
 * larger comes first; nothing is divided by 0, and with `fractions` off only what leaves no remainder is divided.
 */
export function combinationsOf(a: Rational, b: Rational, fractions: boolean): Combination[] {
  const [large, small] = compare(a, b) < 0 ? [b, a] : [a, b];
  const [l, s] = [textOf(large), textOf(small)];
  const made = (sum: string, result: Rational): Combination => ({ text: `${sum} to make ${textOf(result)}`, result });
  const combinations = [
    made(`add ${l} and ${s}`, add(large, small)),
    made(`subtract ${s} from ${l}`, subtract(large, small)),
    made(`multiply ${l} by ${s}`, multiply(large, small)),
  ];
  const quotient = (over: Rational, under: Rational): void => {
    if (under.numerator === 0) return;
    const result = divide(over, under);
    if (fractions || result.denominator === 1) {
      combinations.push(made(`divide ${textOf(over)} by ${textOf(under)}`, result));
    }
  };
  quotient(large, small);
  if (compare(large, small) !== 0) quotient(small, large);
  return combinations;
}

/** A value that can be made of some of the numbers. */
export interface Makeable {
  readonly value: Rational;
  /** What is left of the numbers, as a text, for each choice of numbers that it can be made of. */
  readonly leaves: ReadonlySet<string>;
}

/**
 * All values that can be made of two or more of the numbers, by their texts. Exact: to make a value of k numbers takes
 * k - 1 acts, whose last one joins what was made of some of them with what was made of the others.
 * @param most how many of the numbers may be used
 */
export function makeableFrom(numbers: readonly number[], most: number, fractions: boolean): Map<string, Makeable> {
  const all = 1 << numbers.length;
  const made: ReadonlyMap<string, Rational>[] = [new Map()];
  const found = new Map<string, { readonly value: Rational; readonly leaves: Set<string> }>();
  for (let chosen = 1; chosen < all; chosen++) {
    const values = new Map<string, Rational>();
    const indices = numbers.flatMap((_, i) => ((chosen >> i) & 1 ? [i] : []));
    if (indices.length === 1) {
      const value = rational(numbers[indices[0]]);
      values.set(textOf(value), value);
    } else if (indices.length <= most) {
      // Each split once: one part holds the lowest of the chosen.
      const lowest = chosen & -chosen;
      for (let part = (chosen - 1) & chosen; part > 0; part = (part - 1) & chosen) {
        if ((part & lowest) === 0) continue;
        for (const a of made[part].values()) {
          for (const b of made[chosen ^ part].values()) {
            for (const { result } of combinationsOf(a, b, fractions)) values.set(textOf(result), result);
          }
        }
      }
      const left = numbers.filter((_, i) => ((chosen >> i) & 1) === 0).join(' ');
      for (const [text, value] of values) {
        const known = found.get(text);
        if (known) known.leaves.add(left);
        else found.set(text, { value, leaves: new Set([left]) });
      }
    }
    made.push(values);
  }
  return found;
}
