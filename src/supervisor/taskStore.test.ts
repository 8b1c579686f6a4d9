import { describe, expect, test } from 'vitest';
import type { Encoder } from '../encoder/encoder.ts';
import { hashedEncoder } from '../encoder/hashedEncoder.ts';
import { likeness, matchingWords, textFeatures } from '../encoder/textFeatures.ts';
import { words } from '../encoder/words.ts';
import { logTargets, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { nodeCount } from '../graph/taskGraph.ts';
import { tree } from '../worlds/tree/index.ts';
import { COUNT, capacities, layoutPlan, TOKEN_ROW_STRIDE, writePlan } from './plan.ts';
import { buildTaskStore, FEATURES, TASK, TASK_STRIDE } from './taskStore.ts';

const encoder = hashedEncoder(32);
const settings = tree.settings.parse({ depth: 3, branching: 3, observation: 'merges' });
const graphs = [0, 1].map((index) => tree.task(settings, 5, 'train', index).compile());
const storeWith = (of: Encoder) =>
  buildTaskStore(
    graphs.map((graph) => ({ graph, logTarget: logTargets(graph, 2, 0.1), fixedLogPB: uniformLogPB(graph) })),
    of,
  );
const store = storeWith(encoder);
const { graph: g, facts, offsets: o } = store;

const cosine = (a: string, b: string): number => {
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
};
const each = (use: (graph: TaskGraph, q: number) => void): void => {
  for (const [q, graph] of graphs.entries()) use(graph, q);
};

describe('the store of two tasks', () => {
  test('holds every edge under a global number, with the same ends, rank and target', () => {
    each((graph, q) => {
      const { firstNode, firstEdge } = store.tasks[q];
      for (let e = 0; e < graph.edges; e++) {
        const edge = firstEdge + e;
        const node = firstNode + graph.target[e];
        expect(g[o.edgeSource + edge]).toBe(firstNode + graph.source[e]);
        expect(g[o.edgeTarget + edge]).toBe(node);
        expect(g[o.inEdge + g[o.inStart + node] + g[o.inRank + edge]]).toBe(edge);
        expect(facts[o.fixedLogPB + edge]).toBeCloseTo(
          -Math.log(graph.inStart[graph.target[e] + 1] - graph.inStart[graph.target[e]]),
          6,
        );
      }
      for (let v = 0; v < nodeCount(graph); v++) {
        expect(g[o.nodeTask + firstNode + v]).toBe(q);
        expect(g[o.isOutcome + firstNode + v]).toBe(v < graph.states ? 0 : 1);
        const edges = g[o.outStart + firstNode + v + 1] - g[o.outStart + firstNode + v];
        expect(edges).toBe(v < graph.states ? graph.outStart[v + 1] - graph.outStart[v] : 0);
      }
    });
  });

  test('finds every edge through its action and every item through its text, in rising order', () => {
    each((graph, q) => {
      const { firstAction, actions, firstEdge, firstToken, firstNode } = store.tasks[q];
      for (let a = 0; a < actions; a++) {
        const from = g[o.actionInverseStart + firstAction + a];
        const end = g[o.actionInverseStart + firstAction + a + 1];
        const found = Array.from(g.subarray(o.actionInverse + from, o.actionInverse + end), (e) => e - firstEdge);
        expect(found).toEqual(Array.from(graph.action.keys()).filter((e) => graph.action[e] === a));
      }
      for (let t = 0; t < graph.itemText.length; t++) {
        for (let j = g[o.tokenInverseStart + firstToken + t]; j < g[o.tokenInverseStart + firstToken + t + 1]; j++) {
          const node = g[o.tokenInverseNode + j] - firstNode;
          expect(graph.item[graph.itemStart[node] + g[o.tokenInversePosition + j]]).toBe(t);
        }
      }
      const last = store.tasks[q].firstToken + graph.itemText.length;
      const first = g[o.tokenInverseStart + firstToken];
      expect(g[o.tokenInverseStart + last] - first).toBe(graph.item.length);
    });
  });

  test.each([
    ['vectors', encoder, cosine],
    ['words', matchingWords(encoder), (a: string, b: string) => likeness(textFeatures(a), textFeatures(b))],
  ])('knows cosines and match features of %s as the encoder gives them', (_, of, cosine) => {
    const { tasks, graph: g, facts, offsets: o } = storeWith(of);
    each((graph, q) => {
      const { tokens, firstEdge, firstTaskToken } = tasks[q];
      const texts = [...graph.itemText, ...new Set(words(graph.text)), graph.text];
      expect(tokens).toBe(texts.length);
      const info = o.taskInfo + q * TASK_STRIDE;
      expect(g[info + TASK.firstTaskToken]).toBe(firstTaskToken);
      const at = g[info + TASK.cosines];
      for (const [a, action] of graph.actionText.entries()) {
        for (const [t, text] of texts.entries())
          expect(facts[at + a * tokens + t]).toBeCloseTo(cosine(action, text), 5);
      }
      for (let e = 0; e < graph.edges; e++) {
        const action = graph.actionText[graph.action[e]];
        const s = graph.source[e];
        const items = Array.from(
          graph.item.subarray(graph.itemStart[s], graph.itemStart[s + 1]),
          (i) => graph.itemText[i],
        );
        const expected = [
          cosine(action, graph.text),
          items.length === 0 ? 0 : Math.max(...items.map((item) => cosine(action, item))),
          Math.max(0, ...items.map((item) => cosine(action, item) * Math.max(0, cosine(item, graph.text)))),
        ];
        for (const [k, value] of expected.entries()) {
          expect(facts[o.features + (firstEdge + e) * FEATURES + k]).toBeCloseTo(value, 5);
        }
      }
    });
  });

  test('a plan lists the rows of its tasks, and its bounds hold what a step can visit', () => {
    const caps = capacities(store, 2, 8);
    const offsets = layoutPlan(store, caps);
    const plan = new Uint32Array(offsets.walkNode);
    writePlan(store, offsets, [1, 0], { step: 9, walks: 8 }, plan);
    expect(plan[COUNT.batch]).toBe(2);
    expect(plan[COUNT.step]).toBe(9);
    expect(plan[COUNT.actionRows]).toBe(store.tasks[0].actions + store.tasks[1].actions);
    const rows = store.tasks[1].tokens;
    // The last token row of the first task of the batch is its whole text: a task token.
    const last = offsets.tokenRows + (rows - 1) * TOKEN_ROW_STRIDE;
    expect(plan[last]).toBe(store.tasks[1].tokenVector[rows - 1]);
    expect(plan[last + 2]).toBe(0);
    expect(plan[last + 3]).toBe(rows - store.tasks[1].firstTaskToken);
    expect(caps.slots).toBeLessThanOrEqual(8 * store.horizon);
    expect(caps.entering).toBe(graphs[0].edges + graphs[1].edges);
  });
});
