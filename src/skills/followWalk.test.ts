import { describe, expect, test } from 'vitest';
import { buildGraph } from '../graph/buildGraph.ts';
import type { Call } from '../graph/call.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Action, Composite, World } from '../graph/world.ts';
import type { FoundWalk } from './followWalk.ts';
import { followWalk, stretchOf } from './followWalk.ts';
import { withSkills } from './offerSkills.ts';

interface At {
  readonly step: number;
  readonly done: string;
}

const FINISH: Action = { kind: 'accept', text: 'finish' };
/** How a plan names an act, where that is not its text. */
const NAMED: Readonly<Record<string, string>> = { 'do c of six': 'do-c', 'do c of ten': 'do-c' };
const ACTS = ['do a', 'do b', 'do c of six', 'do c of ten'];
const UNASKED: Call = { act: 'do', task: '', inputs: [], skill: null };

/**
 * Acts are noted in their order, each once, in at most three steps.
 * @param unknown acts, done in this order, of which nobody knows what comes after
 */
function graphOf(skills: readonly Composite[] = [], unknown = 'none'): TaskGraph {
  const actsAt = ({ done }: At): Action[] =>
    ACTS.filter((text) => !done.includes(text)).map((text) => ({ kind: 'act', text, plan: NAMED[text] ?? text }));
  const after = ({ step, done }: At, { text }: Action): At => ({ step, done: done === '' ? text : `${done}; ${text}` });
  const world: World<At> = {
    initial: () => ({ step: 0, done: '' }),
    actions: (state) => [...(state.step < 3 ? actsAt(state) : []), FINISH],
    step(state, action) {
      if (action.text === FINISH.text) {
        const text = `did ${state.done}`;
        return { outcome: { key: text, text, items: [text], reward: 1, solved: true } };
      }
      const next = after(state, action);
      return next.done === unknown ? { unknown: UNASKED } : { state: { ...next, step: state.step + 1 } };
    },
    key: ({ step, done }) => `${step} ${done}`,
    items: ({ done }) => [done],
    stepOf: ({ step }) => step,
    describe: ({ done }) => done,
    composites: {
      acts: actsAt,
      act: after,
      canStep: ({ step }) => step < 3,
      afterStep: (state) => ({ ...state, step: state.step + 1 }),
    },
  };
  return buildGraph('test', 'a task', withSkills(world, skills));
}

const BOTH: Composite = { slot: 0, name: 'both', plan: ['do a', 'do b'], allows: [] };

/** What is done on the way, and which of the texts each step begins with. */
function told(graph: TaskGraph, texts: readonly string[]): readonly [readonly string[], readonly number[]] {
  const walk = followWalk(graph, texts);
  if (walk.edges === null) throw new Error(`lost after ${walk.followed}`);
  expect(walk).toMatchObject({ followed: texts.length, known: true });
  return [walk.edges.map((edge) => graph.actionText[graph.action[edge]]), walk.starts];
}

describe('a walk told by its texts', () => {
  test('is found edge by edge, from the start to its outcome', () => {
    const graph = graphOf();
    const walk = followWalk(graph, ['do b', 'do a', 'finish']) as FoundWalk;
    expect(walk.edges.map((edge) => graph.actionText[graph.action[edge]])).toEqual(['do b', 'do a', 'finish']);
    expect(graph.source[walk.edges[0]]).toBe(0);
    for (const [i, edge] of walk.edges.slice(1).entries()) {
      expect(graph.source[edge]).toBe(graph.target[walk.edges[i]]);
    }
    expect(graph.nodeText[graph.target[walk.edges[2]]]).toBe('did do b; do a');
  });

  test('with a skill among its steps is found while that skill is in the library', () => {
    const texts = ['both: do a, then do b', 'do c of ten', 'finish'];
    expect(told(graphOf([BOTH]), texts)).toEqual([texts, [0, 1, 2]]);
    expect(followWalk(graphOf(), texts)).toEqual({ edges: null, followed: 0 });
    expect(followWalk(graphOf([{ ...BOTH, name: 'other' }]), texts)).toEqual({ edges: null, followed: 0 });
  });

  test('goes by single acts where these are legal, and by a skill that does several where they are too many', () => {
    const skilled = graphOf([BOTH]);
    const short = ['do a', 'do b', 'finish'];
    expect(told(skilled, short)).toEqual([short, [0, 1, 2]]);
    const long = ['do c of six', 'do a', 'do b', 'do c of ten', 'finish'];
    expect(followWalk(graphOf(), long)).toEqual({ edges: null, followed: 3 });
    expect(told(skilled, long)).toEqual([
      ['do c of six', 'both: do a, then do b', 'do c of ten', 'finish'],
      [0, 1, 3, 4],
    ]);
  });

  test('may name its acts as plans do', () => {
    expect(told(graphOf(), ['do a', 'do-c', 'finish'])[0]).toEqual(['do a', 'do c of six', 'finish']);
    // The first of that name was done already.
    expect(told(graphOf(), ['do c of six', 'do-c', 'finish'])[0]).toEqual(['do c of six', 'do c of ten', 'finish']);
  });

  test('is lost where an act is not legal, where it ends before the task, and where it goes on after it', () => {
    const graph = graphOf();
    expect(followWalk(graph, ['do a', 'do a', 'finish'])).toEqual({ edges: null, followed: 1 });
    expect(followWalk(graph, ['do a'])).toEqual({ edges: null, followed: 1 });
    expect(followWalk(graph, ['finish', 'do a'])).toEqual({ edges: null, followed: 1 });
    expect(followWalk(graph, [])).toEqual({ edges: null, followed: 0 });
    expect(followWalk(graph, ['', '__proto__'])).toEqual({ edges: null, followed: 0 });
  });

  test('that leads to what nobody knows ends there, unless another way of the same words is known', () => {
    const graph = graphOf([], 'do a; do b');
    const walk = followWalk(graph, ['do a', 'do b', 'finish']);
    expect(walk).toMatchObject({ starts: [0, 1], followed: 2, known: false });
    expect([...graph.pending.keys()]).toEqual([walk.edges?.at(-1)]);
    expect(told(graphOf([], 'do a; do c of six'), ['do a', 'do-c', 'finish'])[0]).toEqual([
      'do a',
      'do c of ten',
      'finish',
    ]);
  });
});

describe('the stretch of a plan', () => {
  const walk = { edges: [7, 8, 9, 10], starts: [0, 1, 3, 4], followed: 5, known: true };

  test('are the steps that stand for its acts', () => {
    expect(stretchOf(walk, 0, 1)).toEqual({ from: 0, to: 1 });
    expect(stretchOf(walk, 1, 2)).toEqual({ from: 1, to: 2 });
    expect(stretchOf(walk, 1, 3)).toEqual({ from: 1, to: 3 });
    expect(stretchOf(walk, 3, 9)).toEqual({ from: 2, to: 4 });
  });

  test('holds a step that does one of them and more', () => {
    expect(stretchOf(walk, 2, 1)).toEqual({ from: 1, to: 2 });
  });

  test('is empty where the walk does not get there, and for no acts', () => {
    const short = { edges: [7, 8], starts: [0, 1], followed: 2, known: false };
    for (const empty of [stretchOf(short, 2, 2), stretchOf(walk, 9, 1), stretchOf(walk, 1, 0)]) {
      expect(empty.to - empty.from).toBe(0);
    }
  });
});
