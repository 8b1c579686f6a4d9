/** Reads a two-dimensional hypergrid out of its task graph, so that it can be drawn as a grid. */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { itemsOf } from './labels.ts';

export interface GridCell {
  /** Coordinates from 0. */
  readonly x: number;
  readonly y: number;
  readonly state: number;
  /** The outcome of stopping here. */
  readonly outcome: number;
}

export interface GridMove {
  readonly edge: number;
  readonly from: GridCell;
  readonly to: GridCell;
}

export interface Grid {
  readonly side: number;
  readonly cells: readonly GridCell[];
  readonly moves: readonly GridMove[];
}

/** The grid, or null where the graph is not a two-dimensional hypergrid. */
export function readGrid(graph: TaskGraph): Grid | null {
  if (graph.suite !== 'hypergrid') return null;
  const byState: GridCell[] = [];
  let side = 0;
  for (let state = 0; state < graph.states; state++) {
    const at = coordinates(itemsOf(graph, state));
    const outcome = stopOf(graph, state);
    if (at === null || outcome === null) return null;
    byState.push({ ...at, state, outcome });
    side = Math.max(side, at.x + 1, at.y + 1);
  }
  const moves: GridMove[] = [];
  for (let e = 0; e < graph.edges; e++) {
    if (graph.target[e] >= graph.states) continue;
    moves.push({ edge: e, from: byState[graph.source[e]], to: byState[graph.target[e]] });
  }
  return { side, cells: byState, moves };
}

/** `x1 = 3`, `x2 = 0` as coordinates; null unless there are exactly these two. */
function coordinates(items: readonly string[]): { x: number; y: number } | null {
  if (items.length !== 2) return null;
  const value = new Map<string, number>();
  for (const item of items) {
    const match = /^x([12]) = (\d+)$/.exec(item);
    if (match === null) return null;
    value.set(match[1], Number(match[2]));
  }
  const [x, y] = [value.get('1'), value.get('2')];
  return x === undefined || y === undefined ? null : { x, y };
}

function stopOf(graph: TaskGraph, state: number): number | null {
  for (let e = graph.outStart[state]; e < graph.outStart[state + 1]; e++) {
    if (graph.target[e] >= graph.states) return graph.target[e];
  }
  return null;
}
