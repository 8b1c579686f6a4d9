/**
 * Working memory is a set of facts; the tools are full-text search and following a relation of a
 * country that the memory pins down; the task ends with an answer found in memory. An answer cites
 * the fact it is taken from, so the same answer may be given in several ways; the outcome is the
 * answer alone.
 *
 * A search gives its best passage that is not in memory yet, so that every result is fetched at
 * most once and memory only grows. Its size is the number of acts; a step is one act, or a skill:
 * several acts.
 */
import { cappedCredit } from '../../graders/cappedCredit.ts';
import { exactMatch, tokenF1 } from '../../graders/squad.ts';
import type { Action, Arrival, Outcome, World } from '../../graph/world.ts';
import type { Fact } from './facts.ts';
import { FACTS, factsOf } from './facts.ts';
import type { Question } from './questions.ts';
import { search } from './search.ts';

/** Indices into FACTS, rising. */
export type Memory = readonly number[];

export interface QaState {
  /** Steps so far. */
  readonly step: number;
  readonly memory: Memory;
}

export interface QaLimits {
  /** Facts that fit into memory; then the answer is due. */
  readonly evidence: number;
  /** Steps until the answer is due; as many as facts fit into memory if left out. */
  readonly steps?: number | undefined;
  /** Passages that a search can give, one at a time. */
  readonly hits: number;
}

/** An action that this memory does not allow. */
export class IllegalAction extends Error {
  override readonly name = 'IllegalAction';
  constructor(action: Action, memory: string) {
    super(`"${action.text}" is not legal with in memory: ${memory}`);
  }
}

/** An action with what it gives, which does not depend on memory: of passages the first new one counts. */
interface Move {
  readonly action: Action;
  readonly gives: { readonly passages: readonly number[] } | { readonly outcome: Outcome };
}

/**
 * The world of one question.
 * @param library countries that the tools know; it must hold the question's bridge
 */
export function qaWorld(question: Question, library: ReadonlySet<string>, limits: QaLimits): World<QaState> {
  const { evidence, steps = evidence } = limits;
  const moveOf = new Map<string, Move>();
  const interned = (kind: Action['kind'], text: string, gives: () => Move['gives']): Move => {
    const move = moveOf.get(text) ?? { action: { kind, text }, gives: gives() };
    moveOf.set(text, move);
    return move;
  };
  const searchFor = (query: string): Move =>
    interned('act', `search ${query}`, () => ({ passages: search(query, limits.hits, library) }));
  const follow = (fact: number): Move =>
    interned('act', `follow ${FACTS[fact].relation} of ${FACTS[fact].country}`, () => ({ passages: [fact] }));
  const answer = (text: string, value: string): Move =>
    interned('accept', text, () => ({ outcome: graded(value, question) }));
  const answersFrom = ({ country, relation, values }: Fact): Move[] => [
    answer(`answer ${country}`, country),
    ...values.map((value) => answer(`answer ${value}, ${relation} of ${country}`, value)),
  ];

  const queries = queriesOf(question);
  const known = new WeakMap<Memory, ReadonlyMap<string, Move>>();
  /** What this memory allows if steps are left: first acts, then answers. */
  const movesAt = (memory: Memory): ReadonlyMap<string, Move> => {
    let moves = known.get(memory);
    if (moves === undefined) {
      const countries = pinnedDown(memory).filter((country) => library.has(country));
      const acts = [
        ...[...queries, ...countries].map(searchFor),
        ...countries.flatMap((country) => [...(factsOf(country)?.values() ?? [])].map(follow)),
      ].filter(({ gives }) => 'passages' in gives && firstNew(gives.passages, memory) !== undefined);
      const chosen = [...(memory.length < evidence ? acts : []), ...memory.flatMap((fact) => answersFrom(FACTS[fact]))];
      moves = new Map(chosen.map((move) => [move.action.text, move]));
      known.set(memory, moves);
    }
    return moves;
  };
  const actionsAt = (memory: Memory): Action[] => [...movesAt(memory).values()].map(({ action }) => action);
  const inWords = (memory: Memory): string =>
    memory.length === 0 ? 'nothing found yet' : memory.map((fact) => FACTS[fact].text).join(' | ');
  /** @throws IllegalAction */
  const withFact = (memory: Memory, action: Action): Memory => {
    const gives = movesAt(memory).get(action.text)?.gives;
    const passage = gives !== undefined && 'passages' in gives ? firstNew(gives.passages, memory) : undefined;
    if (passage === undefined) throw new IllegalAction(action, inWords(memory));
    return [...memory, passage].sort((a, b) => a - b);
  };

  return {
    initial: () => ({ step: 0, memory: [] }),
    actions: ({ step, memory }) =>
      step < steps ? actionsAt(memory) : actionsAt(memory).filter(({ kind }) => kind === 'accept'),
    step({ step, memory }, action): Arrival<QaState> {
      const gives = movesAt(memory).get(action.text)?.gives;
      if (gives !== undefined && 'outcome' in gives) return gives;
      if (step >= steps) throw new IllegalAction(action, inWords(memory));
      return { state: { step: step + 1, memory: withFact(memory, action) } };
    },
    key: ({ step, memory }) => `${step}: ${memory.join(',')}`,
    items: ({ memory }) => memory.map((fact) => FACTS[fact].text),
    stepOf: ({ step }) => step,
    describe: ({ step, memory }) =>
      step === memory.length ? inWords(memory) : `${inWords(memory)} (after ${step} ${step === 1 ? 'step' : 'steps'})`,
    composites: {
      acts: ({ memory }) => actionsAt(memory).filter(({ kind }) => kind === 'act'),
      act: ({ step, memory }, action) => ({ step, memory: withFact(memory, action) }),
      canStep: ({ step }) => step < steps,
      afterStep: ({ step, memory }) => ({ step: step + 1, memory }),
    },
  };
}

function firstNew(passages: readonly number[], memory: Memory): number | undefined {
  return passages.find((passage) => !memory.includes(passage));
}

/** Queries made of the question's names and of the two relations it speaks of. */
function queriesOf({ anchors, clue, asked }: Question): string[] {
  const names = anchors.join(' ');
  return [...new Set([...anchors, `${clue} ${names}`, `${asked} ${names}`, asked])];
}

/** Countries that a fact is about, that are a fact's only value, or that two facts name; in order of first mention. */
function pinnedDown(memory: Memory): string[] {
  const weight = new Map<string, number>();
  const name = (country: string, by: number): void => {
    weight.set(country, (weight.get(country) ?? 0) + by);
  };
  for (const index of memory) {
    const { country, relation, values } = FACTS[index];
    name(country, 2);
    if (relation === 'border') for (const value of values) name(value, values.length === 1 ? 2 : 1);
  }
  return [...weight].filter(([, total]) => total >= 2).map(([country]) => country);
}

/** 1 for an exact match; else token F1, capped. */
export function graded(value: string, question: Question): Outcome {
  const solved = exactMatch(value, question.answers);
  return {
    key: value,
    text: value,
    items: [value],
    reward: cappedCredit(solved, tokenF1(value, question.answers)),
    solved,
  };
}
