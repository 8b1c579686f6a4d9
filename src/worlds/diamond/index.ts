/**
 * Diamond, for teaching: six nodes whose flows can be worked out by hand. Two clues can be read in either order;
 * the left one alone allows a poor answer (R = 1), both together a good one (R = 2).
 *
 *              start (3)
 *             /         \
 *       left (1 + 2p)   right (2 - 2p)      p = P_B(left | both): "both" is entered from either side
 *        /      \       /
 *   poor (1)     both (2)
 *                  |
 *               good (2)
 *
 * There is one task: seed, split and index do not change it.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Action, World } from '../../graph/world.ts';
import type { Suite } from '../suite.ts';

const TEXT = 'Read the clues and answer.';
const READ_LEFT: Action = { kind: 'act', text: 'read the left clue' };
const READ_RIGHT: Action = { kind: 'act', text: 'read the right clue' };
const ANSWER: Action = { kind: 'accept', text: 'answer' };

const settings = z.strictObject({});

export const diamond: Suite<z.output<typeof settings>> = {
  name: 'diamond',
  summary: 'Six nodes with flows to work out by hand',
  settings,
  beta: 1,
  eps: 0,
  skills: false,
  live: false,
  task: (_settings, _seed, split, index) => ({
    suite: 'diamond',
    split,
    index,
    text: TEXT,
    compile: ({ limits } = {}) => buildGraph('diamond', TEXT, diamondWorld, limits),
  }),
};

interface Clues {
  readonly left: boolean;
  readonly right: boolean;
}

/** The diamond as a world; a state is the set of clues that were read. */
export const diamondWorld: World<Clues> = {
  initial: () => ({ left: false, right: false }),
  actions({ left, right }) {
    const reads = [...(left ? [] : [READ_LEFT]), ...(right ? [] : [READ_RIGHT])];
    return left ? [...reads, ANSWER] : reads;
  },
  step(clues, action) {
    if (action === READ_LEFT) return { state: { ...clues, left: true } };
    if (action === READ_RIGHT) return { state: { ...clues, right: true } };
    const text = clues.right ? 'good answer' : 'poor answer';
    const items = [...itemsOf(clues), text];
    return { outcome: { key: text, text, items, reward: clues.right ? 2 : 1, solved: clues.right } };
  },
  key: ({ left, right }) => `left ${left}, right ${right}`,
  items: itemsOf,
  stepOf: ({ left, right }) => Number(left) + Number(right),
  describe({ left, right }) {
    if (left && right) return 'both clues read';
    if (left) return 'left clue read';
    return right ? 'right clue read' : 'nothing read';
  },
};

function itemsOf({ left, right }: Clues): string[] {
  return [...(left ? ['left clue'] : []), ...(right ? ['right clue'] : [])];
}
