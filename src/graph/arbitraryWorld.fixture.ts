/** Random small worlds for property tests (fast-check), and every path of a world by plain recursion. Tests only. */
import fc from 'fast-check';
import type { Action, World } from './world.ts';

/** The same worlds every time. */
export const RUNS = { seed: 1, numRuns: 300 };

/** A world given by tables: `moves[s]` are the targets of state `s`; a negative one is the outcome `~target`. */
export interface TableWorld {
  readonly moves: readonly (readonly number[])[];
  readonly rewards: readonly number[];
}

/** The World of a table. Moves of state `s` are the actions "move 0", "move 1", ... */
export function tableWorld(table: TableWorld): World<number> {
  return {
    initial: () => 0,
    actions: (state) => table.moves[state].map((_, i): Action => ({ kind: 'act', text: `move ${i}` })),
    step: (state, action) => {
      const target = table.moves[state][Number(action.text.slice('move '.length))];
      if (target >= 0) return { state: target };
      const reward = table.rewards[~target];
      const text = `outcome ${~target}`;
      return { outcome: { key: text, text, items: [text], reward, solved: reward >= 1 } };
    },
    key: (state) => String(state),
    items: (state) => [`state ${state}`],
    stepOf: () => 0,
    describe: (state) => `state ${state}`,
  };
}

/**
 * Acyclic tables of at most 7 states and 4 outcomes, with parallel edges, edges that skip levels,
 * and states that nothing reaches.
 */
export const arbitraryTable: fc.Arbitrary<TableWorld> = fc.integer({ min: 1, max: 7 }).chain((states) =>
  fc.record({
    moves: fc.tuple(
      ...Array.from({ length: states }, (_, s) =>
        fc.array(
          fc
            .integer({ min: -4, max: Math.max(0, states - 2 - s) })
            .map((n) => (n < 0 || s === states - 1 ? ~(Math.abs(n) % 4) : s + 1 + n)),
          { minLength: 1, maxLength: 3 },
        ),
      ),
    ),
    rewards: fc.array(fc.double({ min: 0.05, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
  }),
);

/** One way through a table: the states it visits, the move taken in each, and the outcome it ends in. */
export interface Path {
  readonly states: readonly number[];
  readonly moves: readonly number[];
  readonly outcome: number;
}

/** Every path of a table from its root, by recursion: the brute force that dynamic programming is held against. */
export function allPaths(table: TableWorld): Path[] {
  const walk = (state: number): Path[] =>
    table.moves[state].flatMap((target, move) => {
      if (target < 0) return [{ states: [state], moves: [move], outcome: ~target }];
      return walk(target).map((rest) => ({
        states: [state, ...rest.states],
        moves: [move, ...rest.moves],
        outcome: rest.outcome,
      }));
    });
  return walk(0);
}
