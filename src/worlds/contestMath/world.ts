/**
 * A board of numbers: an act takes two of them and puts one in their place, and the task ends with one of the board as
 * the answer. Numbers are exact and compared by value.
 *
 * The board is a multiset, so independent acts commute, and the same number made in two ways is one. The number of
 * steps is part of the state, because a step is one act, or a skill: several acts. It is no part of the outcome.
 */
import { cappedCredit } from '../../graders/cappedCredit.ts';
import type { Action, Arrival, Outcome, World } from '../../graph/world.ts';
import { combinationsOf } from './arithmetic.ts';
import type { Problem } from './problems.ts';
import type { Rational } from './rational.ts';
import { compare, rational, subtract, textOf } from './rational.ts';

export interface BoardState {
  /** Steps so far. */
  readonly step: number;
  /** Rising. */
  readonly board: readonly Rational[];
}

export interface BoardLimits {
  /** Steps after which the answer is due. */
  readonly steps: number;
  /** Whether what leaves a remainder may be divided. */
  readonly fractions: boolean;
}

/** An action that the board does not allow. */
export class IllegalAction extends Error {
  override readonly name = 'IllegalAction';
  constructor(action: Action, board: string) {
    super(`"${action.text}" is not legal with ${board} on the board`);
  }
}

/** The world of one problem. */
export function contestMathWorld({ numbers, target }: Problem, limits: BoardLimits): World<BoardState> {
  const { steps, fractions } = limits;
  const known = new WeakMap<readonly Rational[], ReadonlyMap<string, readonly Rational[]>>();
  /** The boards that acts lead to, by the texts of the acts. */
  const actsAt = (board: readonly Rational[]): ReadonlyMap<string, readonly Rational[]> => {
    const acts = known.get(board) ?? actsOn(board, fractions);
    known.set(board, acts);
    return acts;
  };
  const actionsAt = (board: readonly Rational[]): Action[] =>
    [...actsAt(board).keys()].map((text) => ({ kind: 'act', text }));
  /** @throws IllegalAction */
  const after = (board: readonly Rational[], action: Action): readonly Rational[] => {
    const next = actsAt(board).get(action.text);
    if (next === undefined) throw new IllegalAction(action, inWords(board));
    return next;
  };

  return {
    initial: () => ({ step: 0, board: numbers.map((number) => rational(number)) }),
    actions: ({ step, board }) => [
      ...(step < steps ? actionsAt(board) : []),
      ...[...countsOf(board).keys()].map((text): Action => ({ kind: 'accept', text: `make ${text} the answer` })),
    ],
    step({ step, board }, action): Arrival<BoardState> {
      const value = board.find((number) => action.text === `make ${textOf(number)} the answer`);
      if (value !== undefined) return { outcome: graded(value, target) };
      if (step >= steps) throw new IllegalAction(action, inWords(board));
      return { state: { step: step + 1, board: after(board, action) } };
    },
    key: ({ step, board }) => `${step}: ${board.map(textOf).join(' ')}`,
    items: ({ board }) => [...countsOf(board)].map(([text, count]) => (count === 1 ? text : `${text}, ${count} times`)),
    stepOf: ({ step }) => step,
    describe: ({ step, board }) =>
      `${inWords(board)}${step === numbers.length - board.length ? '' : ` (after ${step} ${step === 1 ? 'step' : 'steps'})`}`,
    composites: {
      acts: ({ board }) => actionsAt(board),
      act: ({ step, board }, action) => ({ step, board: after(board, action) }),
      canStep: ({ step }) => step < steps,
      afterStep: ({ step, board }) => ({ step: step + 1, board }),
    },
  };
}

function actsOn(board: readonly Rational[], fractions: boolean): ReadonlyMap<string, readonly Rational[]> {
  const acts = new Map<string, readonly Rational[]>();
  for (const [j, second] of board.entries()) {
    for (const [i, first] of board.slice(0, j).entries()) {
      const rest = board.filter((_, k) => k !== i && k !== j);
      for (const { text, result } of combinationsOf(first, second, fractions)) {
        if (!acts.has(text)) acts.set(text, [...rest, result].sort(compare));
      }
    }
  }
  return acts;
}

/** How often each number is on the board, by its text. */
function countsOf(board: readonly Rational[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const number of board) counts.set(textOf(number), (counts.get(textOf(number)) ?? 0) + 1);
  return counts;
}

/** `3, 5 and 8` */
export function inWords(numbers: readonly Rational[]): string {
  const texts = numbers.map(textOf);
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;
}

/** 1 for the target; for another number a credit of `1 / (1 + its distance from the target)`, capped. */
export function graded(value: Rational, target: number): Outcome {
  const { numerator, denominator } = subtract(value, rational(target));
  const text = textOf(value);
  const solved = numerator === 0;
  const closeness = denominator / (denominator + Math.abs(numerator));
  return { key: text, text, items: [text], reward: cappedCredit(solved, closeness), solved };
}
