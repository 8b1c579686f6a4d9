/** Which numbers are given and which number is asked for. */
import type { Split } from '../../graph/world.ts';
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

/** Shares of the problems. */
const BOUNDS: Readonly<Record<Split, readonly [number, number]>> = {
  train: [0, 0.6],
  validation: [0.6, 0.75],
  heldOut: [0.75, 1],
};
/** Sets of numbers without a target, one after the other, after which none is expected to have one. */
const PATIENCE = 200;

/** A split was asked for more problems than it has. */
export class NoSuchProblem extends Error {
  override readonly name = 'NoSuchProblem';
  constructor(split: Split, index: number, count: number) {
    super(
      `These settings of suite "contest-math" give ${count} ${split} problems, so there is none at index ${index}. ` +
        'Widen the range of the target, lower the spare, or raise the number or the size of what is given.',
    );
  }
}

const decks = new Map<string, Deck>();

/**
 * Problem `index` of a split: one of each set of numbers, then another of each. Which split a problem belongs to is
 * decided by its hash, so none is in two of them.
 * @throws NoSuchProblem
 */
export function drawProblem(sizes: ProblemSizes, seed: number, split: Split, index: number): Problem {
  const { numbers, largest, lowest, highest, spare, fractions } = sizes;
  const key = [numbers, largest, lowest, highest, spare, fractions, seed, split].join(' ');
  let deck = decks.get(key);
  if (deck === undefined) {
    deck = deckOf(sizes, seed, split);
    decks.set(key, deck);
  }
  while (deck.dealt.length <= index) {
    const { value, done } = deck.rest.next();
    if (done === true) throw new NoSuchProblem(split, index, deck.dealt.length);
    deck.dealt.push(value);
  }
  return deck.dealt[index];
}

/** The problems of a split so far, and those that follow. What can be made of a set is found when its turn comes. */
interface Deck {
  readonly dealt: Problem[];
  readonly rest: Iterator<Problem, void>;
}

function deckOf(sizes: ProblemSizes, seed: number, split: Split): Deck {
  function* deal(): Generator<Problem, void> {
    const hands: { readonly numbers: readonly number[]; readonly targets: readonly number[] }[] = [];
    const sets = randomSource(seed, sizes.numbers, sizes.largest).shuffle(multisets(sizes.numbers, sizes.largest, 1));
    const [from, to] = BOUNDS[split];
    let inVain = 0;
    for (const [place, numbers] of sets.entries()) {
      const ofSplit = targetsOf(numbers, sizes).filter((target) => {
        const hash = randomSource(seed, place, target).next();
        return from <= hash && hash < to;
      });
      const targets = randomSource(seed, place).shuffle(ofSplit);
      inVain = targets.length > 0 ? 0 : inVain + 1;
      if (inVain > PATIENCE) break;
      if (targets.length === 0) continue;
      hands.push({ numbers, targets });
      yield { numbers, target: targets[0] };
    }
    const rounds = Math.max(0, ...hands.map(({ targets }) => targets.length));
    for (let round = 1; round < rounds; round++) {
      for (const { numbers, targets } of hands) if (round < targets.length) yield { numbers, target: targets[round] };
    }
  }
  return { dealt: [], rest: deal() };
}

/** All rising sequences of `size` numbers from `from` to `largest`. */
function multisets(size: number, largest: number, from: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: largest - from + 1 }, (_, i) => from + i).flatMap((first) =>
    multisets(size - 1, largest, first).map((rest) => [first, ...rest]),
  );
}

/** With numbers to spare, what leaves different numbers over as it is made in different ways; otherwise all that can be made. */
function targetsOf(numbers: readonly number[], { lowest, highest, spare, fractions }: ProblemSizes): number[] {
  return [...makeableFrom(numbers, numbers.length - spare, fractions).values()]
    .filter(({ value, leaves }) => value.denominator === 1 && leaves.size >= (spare > 0 ? 2 : 1))
    .map(({ value }) => value.numerator)
    .filter((value) => value >= lowest && value <= highest && !numbers.includes(value))
    .sort((a, b) => a - b);
}
