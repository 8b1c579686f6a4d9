import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allPaths, arbitraryTable, RUNS, tableWorld } from './arbitraryWorld.fixture.ts';
import { buildGraph, GraphTooLarge, InvalidWorld } from './buildGraph.ts';
import { isTree, nodeCount } from './taskGraph.ts';
import type { World } from './world.ts';

const REWARDS = [1, 2, 3, 0.5];
const build = (moves: number[][], change: Partial<World<number>> = {}) =>
  buildGraph('table', 'task', { ...tableWorld({ moves, rewards: REWARDS }), ...change });

describe('the graph of a world', () => {
  test('joins states with equal keys and keeps parallel edges', () => {
    // 0 -> 1 twice, 0 -> 2, 1 -> 2, 2 -> outcome 0
    const graph = build([[1, 1, 2], [2], [~0]]);
    expect(graph.states).toBe(3);
    expect(graph.outcomes).toBe(1);
    expect(Array.from(graph.source)).toEqual([0, 0, 0, 1, 2]);
    expect(Array.from(graph.target)).toEqual([1, 1, 2, 2, 3]);
    expect(Array.from(graph.inStart)).toEqual([0, 0, 2, 4, 5]);
    expect(Array.from(graph.inEdge)).toEqual([0, 1, 2, 3, 4]);
    expect(graph.horizon).toBe(3);
    expect(isTree(graph)).toBe(false);
  });

  test('numbers a state after every state that leads to it, even where a shorter way finds it first', () => {
    // Breadth first finds 2 before 1, yet 1 leads to 2.
    const graph = build([[2, 1], [2], [~0]]);
    expect(graph.nodeText).toEqual(['state 0', 'state 1', 'state 2', 'outcome 0']);
  });

  test('is a tree exactly when every node but the root has one entering edge', () => {
    expect(isTree(build([[1, 2], [~0], [~1, ~2]]))).toBe(true);
    expect(isTree(build([[1, 2], [~0], [~0]]))).toBe(false);
  });

  test('gives an outcome one step more than the latest state that ends in it', () => {
    const steps = (stepOf: (state: number) => number): number[] => Array.from(build([[1, ~0], [~0]], { stepOf }).step);
    expect(steps((state) => 10 * state)).toEqual([0, 10, 11]);
    expect(steps((state) => 10 - 10 * state)).toEqual([10, 0, 11]);
  });

  test('keeps the items of every node as a set of indices into the distinct texts', () => {
    const graph = build([[1], [~0]], { items: (state) => (state === 0 ? [] : ['b', 'a']) });
    const itemsOf = (node: number): string[] =>
      Array.from(graph.item.slice(graph.itemStart[node], graph.itemStart[node + 1]), (i) => graph.itemText[i]);
    expect(itemsOf(0)).toEqual([]);
    expect(itemsOf(1).sort()).toEqual(['a', 'b']);
    expect(itemsOf(2)).toEqual(['outcome 0']);
  });

  test('has the states, edges and outcomes that walking every path finds, in topological order', () => {
    fc.assert(
      fc.property(arbitraryTable, (table) => {
        const graph = buildGraph('table', 'task', tableWorld(table));
        const paths = allPaths(table);
        const visited = new Set(paths.flatMap((path) => path.states));
        expect(graph.states).toBe(visited.size);
        expect(graph.edges).toBe([...visited].reduce((sum, state) => sum + table.moves[state].length, 0));
        expect(graph.outcomes).toBe(new Set(paths.map((path) => path.outcome)).size);
        expect(graph.horizon).toBe(Math.max(...paths.map((path) => path.moves.length)));
        expect(graph.source.every((source, e) => source < graph.target[e])).toBe(true);
        const entering = Array.from({ length: nodeCount(graph) }, (_, node) =>
          Array.from(graph.inEdge.slice(graph.inStart[node], graph.inStart[node + 1])),
        );
        for (const [node, edges] of entering.entries()) {
          expect(edges).toEqual([...graph.target.keys()].filter((e) => graph.target[e] === node));
        }
        for (let x = 0; x < graph.outcomes; x++) {
          const original = Number(graph.nodeText[graph.states + x].slice('outcome '.length));
          expect(graph.reward[x]).toBe(table.rewards[original]);
        }
      }),
      RUNS,
    );
  });
});

describe('a world that breaks its promises is refused', () => {
  test('with a cycle, also one through the root', () => {
    expect(() => build([[1], [2], [1, ~0]])).toThrow(/table.*cycle; put a step counter/);
    expect(() => build([[1], [0, ~0]])).toThrow(InvalidWorld);
  });

  test('with a state in which nothing is legal', () => {
    expect(() => build([[1], []])).toThrow(/no legal action in state "state 1"/);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('with an outcome of reward %d', (reward) => {
    const world = tableWorld({ moves: [[~0]], rewards: [reward] });
    expect(() => buildGraph('table', 'task', world)).toThrow(new RegExp(`outcome "outcome 0" has reward ${reward}`));
  });

  test('with items that repeat within a node', () => {
    expect(() => build([[~0]], { items: () => ['mug', 'mug'] })).toThrow(/items repeat: mug \| mug/);
  });

  test('with two rewards for one outcome, or two opinions on whether it is solved', () => {
    const arrive = (reward: number, solved: boolean) => ({
      outcome: { key: 'x', text: 'x', items: [], reward, solved },
    });
    const step: World<number>['step'] = (_, { text }) => arrive(text === 'move 0' ? 1 : 2, true);
    expect(() => build([[~0, ~0]], { step })).toThrow(/outcome "x" was given two rewards/);
    const waver: World<number>['step'] = (_, { text }) => arrive(1, text === 'move 0');
    expect(() => build([[~0, ~0]], { step: waver })).toThrow(/outcome "x" is solved on one path and unsolved/);
  });
});

describe('a world that is too large is refused with the limit in the message', () => {
  const world = tableWorld({ moves: [[1], [2], [~0, ~1]], rewards: REWARDS });

  test('by states', () => {
    const limits = { maxStates: 2, maxEdges: 100 };
    expect(() => buildGraph('table', 'task', world, limits)).toThrow(GraphTooLarge);
    expect(() => buildGraph('table', 'task', world, limits)).toThrow(/"table" has more than 2 states/);
  });

  test('by edges, and not at the limit itself', () => {
    expect(() => buildGraph('table', 'task', world, { maxStates: 100, maxEdges: 3 })).toThrow(/more than 3 edges/);
    expect(buildGraph('table', 'task', world, { maxStates: 3, maxEdges: 4 }).edges).toBe(4);
  });

  test('also when it never ends', () => {
    const endless = {
      ...world,
      actions: () => [{ kind: 'act' as const, text: 'on' }],
      step: (s: number) => ({ state: s + 1 }),
    };
    expect(() => buildGraph('endless', 'task', endless, { maxStates: 50, maxEdges: 500 })).toThrow(GraphTooLarge);
  });
});
