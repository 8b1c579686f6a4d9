import { describe, expect, test } from 'vitest';
import { logPathCounts } from '../../graph/exact.ts';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { isTree } from '../../graph/taskGraph.ts';
import { tree } from './index.ts';

const compile = (given: object, seed = 0, index = 0): TaskGraph =>
  tree.task(tree.settings.parse(given), seed, 'train', index).compile();
const pathsTo = (graph: TaskGraph, leaf: string): number =>
  Math.exp(logPathCounts(graph)[graph.nodeText.indexOf(`leaf ${leaf}`)]);
const solvedCount = (graph: TaskGraph): number => graph.solved.reduce((sum, one) => sum + one, 0);

describe('a tree that reveals its actions', () => {
  const graph = compile({});

  test('has 1 + 3 + 9 states and 27 leaves, and is a tree', () => {
    expect([graph.states, graph.outcomes, graph.edges, graph.horizon]).toEqual([13, 27, 39, 3]);
    expect(isTree(graph)).toBe(true);
  });

  test('pays 1 in 30% of the leaves and 0 in the others', () => {
    expect(solvedCount(graph)).toBe(8);
    expect(Array.from(graph.reward)).toEqual(Array.from(graph.solved));
  });
});

describe('a tree that hides which action was taken', () => {
  const graph = compile({ observation: 'hides' });

  test('has parallel edges: two of three actions lead to one state', () => {
    expect([graph.states, graph.outcomes, graph.edges]).toEqual([7, 8, 21]);
    expect(isTree(graph)).toBe(false);
    expect(Array.from(graph.target.slice(0, 3))).toEqual([1, 2, 2]);
    expect(graph.actionText).toEqual(['choose a', 'choose b', 'choose c']);
  });

  test('reaches a leaf by 2^k paths, k the number of steps whose action is hidden', () => {
    expect(pathsTo(graph, 'a a a')).toBeCloseTo(1, 12);
    expect(pathsTo(graph, 'a b a')).toBeCloseTo(2, 12);
    expect(pathsTo(graph, 'b b b')).toBeCloseTo(8, 12);
  });

  test('needs three branches, or there is nothing to see', () => {
    const result = tree.settings.safeParse({ branching: 2, observation: 'hides' });
    expect(result.error?.issues[0].path).toEqual(['branching']);
  });
});

describe('a tree that merges orders', () => {
  const graph = compile({ observation: 'merges' });

  test('has a state for every count of actions: 1 + 3 + 6 states, 10 leaves', () => {
    expect([graph.states, graph.outcomes, graph.edges]).toEqual([10, 10, 30]);
    expect(isTree(graph)).toBe(false);
  });

  test('reaches a leaf once per order of its actions', () => {
    expect(pathsTo(graph, 'a a a')).toBeCloseTo(1, 12);
    expect(pathsTo(graph, 'a a b')).toBeCloseTo(3, 12);
    expect(pathsTo(graph, 'a b c')).toBeCloseTo(6, 12);
  });

  test('reads a state as the counts of its actions', () => {
    const node = graph.nodeText.indexOf('leaf a a b');
    const items = graph.item.slice(graph.itemStart[node], graph.itemStart[node + 1]);
    expect(Array.from(items, (i) => graph.itemText[i]).sort()).toEqual(['a 2', 'b 1']);
  });
});

describe('rewards', () => {
  test('are the same for the same seed, split and index, and drawn anew for others', () => {
    const rewards = (seed: number, split: 'train' | 'heldOut', index: number): string =>
      tree.task(tree.settings.parse({}), seed, split, index).compile().reward.join('');
    expect(rewards(0, 'train', 0)).toBe(rewards(0, 'train', 0));
    const drawn = [rewards(0, 'train', 0), rewards(1, 'train', 0), rewards(0, 'heldOut', 0), rewards(0, 'train', 1)];
    expect(new Set(drawn).size).toBe(4);
  });

  test('fall on every leaf alike', () => {
    const hits = new Float64Array(27);
    const trees = 900;
    for (let seed = 0; seed < trees; seed++)
      for (const [x, pays] of compile({}, seed).solved.entries()) hits[x] += pays;
    // Binomial(900, 8/27): mean 266.7, standard deviation 13.7; five of them for 27 leaves.
    for (const count of hits) expect(Math.abs(count - (trees * 8) / 27)).toBeLessThan(5 * 13.7);
  });

  test('leave one leaf at least that pays', () => {
    expect(solvedCount(compile({ solved: 0 }))).toBe(1);
    expect(solvedCount(compile({ solved: 1 }))).toBe(27);
  });
});

test('a tree too large to enumerate is refused at depth, with its size', () => {
  const result = tree.settings.safeParse({ depth: 12, branching: 5 });
  expect(result.error?.issues[0].path).toEqual(['depth']);
  expect(result.error?.issues[0].message).toMatch(/244140625 walks; at most 100000/);
});

test('tasks of different splits or indices read differently', () => {
  const text = (split: 'train' | 'validation' | 'heldOut', index: number): string =>
    tree.task(tree.settings.parse({}), 0, split, index).text;
  expect(new Set([text('train', 0), text('train', 1), text('validation', 0), text('heldOut', 0)]).size).toBe(4);
});
