/**
 * Which part of a task graph is drawn. Small graphs are drawn whole; of big ones the nodes that
 * most of the flow passes through, learned or exact, until 95% of the walks stay inside them or
 * the picture is full. What is left out is counted, never dropped in silence.
 */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { nodeCount } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';

/** Walks that should stay inside what is drawn. */
export const CARRIED = 0.95;
const DRAWN_WHOLE = 42;
const MAX_STATES = 30;
const MAX_STATES_IN_LAYER = 5;
const MAX_OUTCOMES = 10;
/** In a graph that is cut, what carries less than this share of both flows is not drawn by itself. */
export const THIN = 0.002;

export interface Cut {
  /** `[nodes]` */
  readonly drawn: readonly boolean[];
  readonly whole: boolean;
  readonly states: number;
  readonly statesDrawn: number;
  readonly outcomes: number;
  readonly outcomesDrawn: number;
  /** Probability that a walk never leaves what is drawn. */
  readonly learnedInside: number;
  readonly exactInside: number;
}

/** The nodes that a walk passes through. */
function nodesOf(graph: TaskGraph, walk: readonly number[]): readonly number[] {
  return walk.flatMap((edge) => [graph.source[edge], graph.target[edge]]);
}

/** `[nodes]` length of the longest path from the root to each state; all outcomes stand one after the last state. */
export function nodeLayers(graph: TaskGraph): Uint32Array {
  const layer = new Uint32Array(nodeCount(graph));
  let last = 0;
  for (let s = 0; s < graph.states; s++) {
    for (let i = graph.inStart[s]; i < graph.inStart[s + 1]; i++) {
      layer[s] = Math.max(layer[s], layer[graph.source[graph.inEdge[i]]] + 1);
    }
    last = Math.max(last, layer[s]);
  }
  return layer.fill(last + 1, graph.states);
}

/** @param walk edges of a walk that is drawn whatever flow it carries */
export function cutGraph(graph: TaskGraph, learned: Flows, exact: Flows, walk: readonly number[] = []): Cut {
  const nodes = nodeCount(graph);
  const layer = nodeLayers(graph);
  const drawn = new Array<boolean>(nodes).fill(nodes <= DRAWN_WHOLE);
  if (nodes > DRAWN_WHOLE) {
    const flow = Float64Array.from(
      { length: nodes },
      (_, v) => Math.exp(learned.logReach[v]) + Math.exp(exact.logReach[v]),
    );
    const byFlow = Array.from(flow.keys()).sort((a, b) => flow[b] - flow[a] || a - b);
    const inLayer = new Map<number, number>();
    let states = 0;
    const draw = (v: number): void => {
      if (drawn[v]) return;
      drawn[v] = true;
      inLayer.set(layer[v], (inLayer.get(layer[v]) ?? 0) + 1);
      if (v < graph.states) states++;
    };
    for (const v of nodesOf(graph, walk)) draw(v);
    for (const v of byFlow) {
      if (flow[v] < 2 * THIN) break;
      const used = inLayer.get(layer[v]) ?? 0;
      const isState = v < graph.states;
      if (used >= (isState ? MAX_STATES_IN_LAYER : MAX_OUTCOMES) || (isState && states >= MAX_STATES)) continue;
      draw(v);
      if ((inside(graph, learned, drawn) + inside(graph, exact, drawn)) / 2 >= CARRIED) break;
    }
  }
  const statesDrawn = drawn.slice(0, graph.states).filter(Boolean).length;
  const outcomesDrawn = drawn.slice(graph.states).filter(Boolean).length;
  return {
    drawn,
    whole: statesDrawn === graph.states && outcomesDrawn === graph.outcomes,
    states: graph.states,
    statesDrawn,
    outcomes: graph.outcomes,
    outcomesDrawn,
    learnedInside: inside(graph, learned, drawn),
    exactInside: inside(graph, exact, drawn),
  };
}

/** Probability that a walk from the root passes through drawn nodes only. */
export function inside(graph: TaskGraph, flows: Flows, drawn: readonly boolean[]): number {
  const reach = new Map<number, number>(drawn[0] ? [[0, 1]] : []);
  let sum = 0;
  // States are in topological order, so what flows into one is known when its turn comes.
  for (let s = 0; s < graph.states; s++) {
    const arriving = drawn[s] ? reach.get(s) : undefined;
    if (arriving === undefined) continue;
    for (let e = graph.outStart[s]; e < graph.outStart[s + 1]; e++) {
      const target = graph.target[e];
      if (!drawn[target]) continue;
      const flow = arriving * Math.exp(flows.logPF[e]);
      if (target >= graph.states) sum += flow;
      else reach.set(target, (reach.get(target) ?? 0) + flow);
    }
  }
  return sum;
}
