import { describe, expect, it } from 'vitest';
import { nodeCount } from '../../graph/taskGraph.ts';
import { diamond } from '../../worlds/diamond/index.ts';
import { hypergrid } from '../../worlds/hypergrid/index.ts';
import { tree } from '../../worlds/tree/index.ts';
import { cutGraph, inside, nodeLayers } from './cut.ts';
import { drawTask } from './drawing.ts';
import { taskView } from './taskView.fixture.ts';

const GRID = { dimensions: 3, height: 6 };

describe('the cut', () => {
  it('draws a small graph whole, and then every walk stays inside', () => {
    for (const view of [taskView(diamond), taskView(tree)]) {
      const cut = cutGraph(view.graph, view.learned, view.exact);
      expect(cut.whole).toBe(true);
      expect(cut.learnedInside).toBeCloseTo(1, 9);
    }
  });

  it('keeps the start and at most forty nodes of a big graph', () => {
    const { graph, learned, exact } = taskView(hypergrid, GRID);
    const { drawn, whole, statesDrawn, outcomesDrawn } = cutGraph(graph, learned, exact);
    expect(whole).toBe(false);
    expect(drawn[0]).toBe(true);
    expect(statesDrawn + outcomesDrawn).toBe(drawn.filter(Boolean).length);
    expect(statesDrawn + outcomesDrawn).toBeLessThanOrEqual(40);
  });

  it('stops once 95% of the walks stay inside', () => {
    // A policy that always raises x1 to the edge of the grid and stops there: one walk carries everything.
    const { graph, learned } = taskView(hypergrid, GRID);
    const logPF = new Float64Array(graph.edges).fill(-Infinity);
    for (let s = 0; s < graph.states; s++) logPF[graph.outStart[s]] = 0;
    const logReach = new Float64Array(nodeCount(graph)).fill(-Infinity);
    logReach[0] = 0;
    let passed = 1;
    for (let v = 0; v < graph.states; v = graph.target[graph.outStart[v]]) {
      logReach[graph.target[graph.outStart[v]]] = 0;
      passed++;
    }
    const sure = { ...learned, logPF, logReach };
    const cut = cutGraph(graph, sure, sure);
    expect(cut.statesDrawn + cut.outcomesDrawn).toBe(passed);
    expect(cut.learnedInside).toBe(1);
  });

  it('measures what stays inside as the probability of walks through drawn nodes only', () => {
    const { graph, learned } = taskView(diamond);
    const drawn = new Array<boolean>(nodeCount(graph)).fill(true);
    drawn[graph.target[0]] = false;
    expect(inside(graph, learned, drawn)).toBeCloseTo(1 - Math.exp(learned.logPF[0]), 12);
  });
});

describe('layers', () => {
  it('rise along every edge, with all outcomes in the last', () => {
    const { graph } = taskView(hypergrid, GRID);
    const layer = nodeLayers(graph);
    for (let e = 0; e < graph.edges; e++) expect(layer[graph.source[e]]).toBeLessThan(layer[graph.target[e]]);
    expect(new Set(layer.subarray(graph.states)).size).toBe(1);
  });
});

describe('the drawing', () => {
  it('has every outcome in it, alone or folded, so that the last column holds the whole flow', () => {
    const { graph, learned, exact } = taskView(hypergrid, GRID);
    const drawing = drawTask(graph, learned, exact);
    const last = drawing.nodes.filter((node) => node.kind !== 'state');
    expect(last.reduce((sum, node) => sum + node.members.length, 0)).toBe(graph.outcomes);
    expect(last.reduce((sum, node) => sum + node.learned, 0)).toBeCloseTo(1, 9);
    expect(last.every((node) => node.column === drawing.columns - 1)).toBe(true);
  });

  it('has a walk in it edge by edge, however little flow it carries', () => {
    const { graph, learned, exact } = taskView(hypergrid, GRID);
    const plain = new Set(drawTask(graph, learned, exact).edges.map(({ edge }) => edge));
    // The walk that always takes the rarest choice.
    const walk: number[] = [];
    for (let v = 0; v < graph.states; v = graph.target[walk[walk.length - 1]]) {
      let rarest = graph.outStart[v];
      for (let e = rarest; e < graph.outStart[v + 1]; e++) if (learned.logPF[e] < learned.logPF[rarest]) rarest = e;
      walk.push(rarest);
    }
    expect(walk.some((edge) => !plain.has(edge))).toBe(true);
    const drawing = drawTask(graph, learned, exact, walk);
    const drawn = new Set(drawing.edges.map(({ edge }) => edge));
    expect(walk.filter((edge) => !drawn.has(edge))).toEqual([]);
    const last = drawing.nodes.filter((node) => node.kind !== 'state');
    expect(last.reduce((sum, node) => sum + node.learned, 0)).toBeCloseTo(1, 9);
  });

  it('keeps parallel edges apart and folds only what leaves the cut', () => {
    const { graph, learned, exact } = taskView(diamond);
    const { edges } = drawTask(graph, learned, exact);
    expect(edges.map((edge) => edge.edge)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(edges[0].learned).toBeCloseTo(Math.exp(learned.logReachEdge[0]), 12);
  });
});
