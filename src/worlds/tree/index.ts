/**
 * Tree: `depth` steps of `branching` actions, the smallest worlds on which the facts about backward policies can
 * be seen. `observation` says what a state remembers:
 *
 * - `reveals`: every action taken, in order. The graph is a tree, and the only valid `P_B` is 1.
 * - `hides`: what was observed, in order; the last two actions of every step give the same observation. They are
 *   parallel edges, and an outcome with `k` such steps has `2^k` paths.
 * - `merges`: how often each action was taken, in any order. An outcome with counts `k_a` has
 *   `depth! / prod k_a!` paths.
 *
 * The reward is 1 for a share `solved` of the outcomes (at least one), drawn by seed, split and index, else 0.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Action, Split, World } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';

const MAX_WALKS = 100_000;
/** Tells this suite's random keys from those of others. */
const KEY = 0x74726565;

const settings = z
  .strictObject({
    depth: z.int().min(1).max(16).default(3),
    branching: z.int().min(2).max(26).default(3),
    solved: z.number().min(0).max(1).default(0.3),
    observation: z.enum(['reveals', 'hides', 'merges']).default('reveals'),
  })
  .superRefine(({ depth, branching, observation }, context) => {
    const walks = branching ** depth;
    if (walks > MAX_WALKS) {
      const message = `branching ${branching} at depth ${depth} has ${walks} walks; at most ${MAX_WALKS} are enumerated: lower depth or branching`;
      context.addIssue({ code: 'custom', path: ['depth'], message });
    }
    if (observation === 'hides' && branching < 3) {
      const message = `branching ${branching} leaves nothing to see when the last two actions look alike: 3 or more are needed for "hides"`;
      context.addIssue({ code: 'custom', path: ['branching'], message });
    }
  });

export type TreeSettings = z.output<typeof settings>;

export const tree: Suite<TreeSettings> = {
  name: 'tree',
  summary: 'A few steps with a few choices each, where states reveal, hide or merge the actions that led to them',
  settings,
  beta: 1,
  eps: 0.1,
  skills: false,
  live: false,
  task(of, seed, split, index) {
    const text = `Find a leaf that pays in tree ${index + 1} of the ${split === 'heldOut' ? 'held-out' : split} trees.`;
    return {
      suite: 'tree',
      split,
      index,
      text,
      compile: ({ limits } = {}) => buildGraph('tree', text, treeWorld(of, solvedKeys(of, seed, split, index)), limits),
    };
  },
};

/** A state is the observations so far, each a letter: in order, or sorted where order does not matter. */
type Observations = string;

/** The tree as a world. @param solved the keys of the outcomes with reward 1 */
export function treeWorld(of: TreeSettings, solved: ReadonlySet<Observations>): World<Observations> {
  const actions = Array.from(
    { length: of.branching },
    (_, i): Action => ({ kind: 'act', text: `choose ${letter(i)}` }),
  );
  const items = (seen: Observations): string[] =>
    of.observation === 'merges'
      ? [...new Set(seen)].map((one) => `${one} ${seen.split(one).length - 1}`)
      : [...seen].map((one, t) => `step ${t + 1} ${one}`);
  const inWords = (seen: Observations): string => (seen === '' ? 'start' : [...seen].join(' '));
  return {
    initial: () => '',
    actions: () => actions,
    step(before, action) {
      const seen = observe(of, before, actions.indexOf(action));
      if (seen.length < of.depth) return { state: seen };
      const pays = solved.has(seen);
      const outcome = { key: seen, text: `leaf ${inWords(seen)}`, items: items(seen) };
      return { outcome: { ...outcome, reward: pays ? 1 : 0, solved: pays } };
    },
    key: (seen) => seen,
    items,
    stepOf: (seen) => seen.length,
    describe: inWords,
  };
}

/** What is remembered after an action: the one place where the three observations differ. */
function observe(of: TreeSettings, before: Observations, action: number): Observations {
  switch (of.observation) {
    case 'reveals':
      return before + letter(action);
    case 'hides':
      return before + letter(Math.min(action, of.branching - 2));
    case 'merges':
      return [...before, letter(action)].sort().join('');
  }
}

function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

/** The outcomes of one task that pay: a fixed number of them, in random places. */
function solvedKeys(of: TreeSettings, seed: number, split: Split, index: number): Set<Observations> {
  let level: Observations[] = [''];
  for (let t = 0; t < of.depth; t++) {
    const next = level.flatMap((seen) => Array.from({ length: of.branching }, (_, a) => observe(of, seen, a)));
    level = [...new Set(next)];
  }
  const count = Math.max(1, Math.round(of.solved * level.length));
  const random = randomSource(KEY, seed, SPLITS.indexOf(split), index);
  return new Set(random.shuffle(level).slice(0, count));
}
