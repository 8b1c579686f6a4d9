/** Which numbers are given and which number is asked for. */
import type { Split } from '../../graph/world.ts';
import type { RandomSource } from '../random.ts';
import { randomSource } from '../random.ts';
import { makeableFrom } from './arithmetic.ts';

export interface Problem {
  /** Rising. */
  readonly numbers: readonly number[];
  readonly target: number;
}

export interface ProblemSizes {
  /** How many are given, each from 1 to `largest`. */
  readonly numbers: number;
  readonly largest: number;
  /** The target is one of `lowest .. highest`. */
  readonly lowest: number;
  readonly highest: number;
  /** Numbers, and so acts, that every task can do without. */
  readonly spare: number;
  readonly fractions: boolean;
}

export const SPLITS: readonly Split[] = ['train', 'validation', 'heldOut'];
/** Shares of the sets of numbers. */
const BOUNDS: Readonly<Record<Split, readonly [number, number]>> = {
  train: [0, 0.6],
  validation: [0.6, 0.75],
  heldOut: [0.75, 1],
};
/** Sets of numbers that are tried for one task. */
const ATTEMPTS = 100;

/** No set of numbers allows a target of the range. */
export class NoTarget extends Error {
  override readonly name = 'NoTarget';
  constructor({ numbers, largest, lowest, highest, spare }: ProblemSizes) {
    super(
      `No target from ${lowest} to ${highest} was found for ${numbers} numbers up to ${largest} with ${spare} to spare. ` +
        'Widen the range of the target, lower the spare, or raise the number or the size of what is given.',
    );
  }
}

const dealt = new Map<string, readonly (readonly number[])[]>();

/** The sets of numbers of a split, in the order in which its tasks take them. */
function numbersOf({ numbers, largest }: ProblemSizes, seed: number, split: Split): readonly (readonly number[])[] {
  const key = `${numbers} ${largest} ${seed}`;
  let all = dealt.get(key);
  if (all === undefined) {
    all = randomSource(seed, numbers, largest).shuffle(multisets(numbers, largest, 1));
    dealt.set(key, all);
  }
  const [from, to] = BOUNDS[split];
  return all.slice(Math.round(from * all.length), Math.round(to * all.length));
}

/** All rising sequences of `size` numbers from `from` to `largest`. */
function multisets(size: number, largest: number, from: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: largest - from + 1 }, (_, i) => from + i).flatMap((first) =>
    multisets(size - 1, largest, first).map((rest) => [first, ...rest]),
  );
}

/**
 * Problem `index` of a split. Sets of numbers are dealt out to the splits, so a held-out task is about numbers that
 * no training task was about; a set that allows no target is passed over.
 * @throws NoTarget
 */
export function drawProblem(sizes: ProblemSizes, seed: number, split: Split, index: number): Problem {
  const sets = numbersOf(sizes, seed, split);
  const random = randomSource(seed, SPLITS.indexOf(split), index);
  for (let attempt = 0; attempt < Math.min(ATTEMPTS, sets.length); attempt++) {
    const numbers = sets[(index + attempt) % sets.length];
    const target = drawTarget(numbers, sizes, random);
    if (target !== undefined) return { numbers, target };
  }
  throw new NoTarget(sizes);
}

/** With numbers to spare, one that leaves different numbers over as it is made in different ways; otherwise any that can be made. */
function drawTarget(numbers: readonly number[], sizes: ProblemSizes, random: RandomSource): number | undefined {
  const { lowest, highest, spare, fractions } = sizes;
  const targets = [...makeableFrom(numbers, numbers.length - spare, fractions).values()]
    .filter(({ value, leaves }) => value.denominator === 1 && leaves.size >= (spare > 0 ? 2 : 1))
    .map(({ value }) => value.numerator)
    .filter((value) => value >= lowest && value <= highest && !numbers.includes(value))
    .sort((a, b) => a - b);
  return targets.length === 0 ? undefined : random.pick(targets);
}
