import { expect, test } from 'vitest';
import { exactFlows, logTargets } from '../../graph/exact.ts';
import { inDegree, isTree, nodeCount } from '../../graph/taskGraph.ts';
import { diamond } from './index.ts';

const graph = diamond.task({}, 0, 'train', 0).compile();
const node = (text: string): number => graph.nodeText.indexOf(text);

test('has six nodes, six edges, and one merge: the two orders of reading both clues', () => {
  expect(nodeCount(graph)).toBe(6);
  expect(graph.edges).toBe(6);
  expect(isTree(graph)).toBe(false);
  const merges = [...graph.nodeText.keys()].filter((v) => inDegree(graph, v) > 1);
  expect(merges.map((v) => graph.nodeText[v])).toEqual(['both clues read']);
});

test('has rewards 1 and 2, of which the better is solved', () => {
  expect(graph.reward[node('poor answer') - graph.states]).toBe(1);
  expect(graph.reward[node('good answer') - graph.states]).toBe(2);
  expect(graph.solved[node('good answer') - graph.states]).toBe(1);
  expect(graph.solved[node('poor answer') - graph.states]).toBe(0);
});

test.each([0, 0.25, 0.5, 0.75, 1])('with P_B(left | both) = %d has the flows of the drawing', (p) => {
  const logPB = Float64Array.from(graph.source, (from, e) => {
    if (graph.target[e] !== node('both clues read')) return 0;
    return Math.log(from === node('left clue read') ? p : 1 - p);
  });
  const { logF } = exactFlows(graph, logTargets(graph, diamond.beta, diamond.eps), logPB);
  const flow = (text: string): number => Math.exp(logF[node(text)]);
  expect(flow('nothing read')).toBeCloseTo(3, 12);
  expect(flow('left clue read')).toBeCloseTo(1 + 2 * p, 12);
  expect(flow('right clue read')).toBeCloseTo(2 - 2 * p, 12);
  expect(flow('both clues read')).toBeCloseTo(2, 12);
});

test('has no settings', () => {
  expect(diamond.settings.safeParse({ size: 6 }).success).toBe(false);
});
