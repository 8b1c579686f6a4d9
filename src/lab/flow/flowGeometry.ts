/** Places a drawing: columns, heights, and where each ribbon leaves and enters. Pure geometry. */
import type { Drawing } from './drawing.ts';
import { layeredLayout } from './layout.ts';
import type { Point } from './ribbon.ts';

export interface PlacedNode {
  readonly x: number;
  readonly y: number;
  readonly learnedHeight: number;
  readonly exactHeight: number;
}

export interface PlacedEdge {
  readonly points: readonly Point[];
  readonly learnedWidth: number;
  readonly exactWidth: number;
}

export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly columnWidth: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const BAR = 10;
/** A label of two lines above the bar and a number below it: this much more above than below. */
const LABEL_ROOM = 44;
const LABEL_LIFT = 7;
/** What a node is at least high, for its label and for the pointer. */
export const LEAST_BODY = 10;
/** In the last column the label stands beside the bar. */
const LAST_ROW = 17;
export const LAST_LABEL = 190;
const MARGIN = { top: 8, bottom: 8, left: 16 };

export interface PlacementOptions {
  readonly width: number;
  /** Thickness of the whole flow. */
  readonly fullFlow: number;
  readonly minHeight: number;
  /** Room for the labels beside the last column. */
  readonly lastLabel: number;
}

/** Thickness of the whole flow: generous where few nodes share a column. */
export function fullFlowFor(drawing: Drawing): number {
  const inColumn = new Array<number>(drawing.columns).fill(0);
  for (const node of drawing.nodes) inColumn[node.column]++;
  const most = Math.max(...inColumn);
  return most <= 3 ? 88 : most <= 6 ? 62 : 46;
}

function roomFor(body: number, last: boolean): number {
  return last ? Math.max(body, LAST_ROW) : Math.max(body, LEAST_BODY) + LABEL_ROOM;
}

export function placeDrawing(drawing: Drawing, options: PlacementOptions): Placement {
  const thickness = (flow: number): number => flow * options.fullFlow;
  const slot = (learned: number, exact: number): number => Math.max(thickness(Math.max(learned, exact)), 2);
  const slots = drawing.edges.map((edge) => slot(edge.learned, edge.exact));
  const leaving = drawing.nodes.map(() => 0);
  const entering = drawing.nodes.map(() => 0);
  for (const [i, edge] of drawing.edges.entries()) {
    leaving[edge.source] += slots[i];
    entering[edge.target] += slots[i];
  }
  const layout = layeredLayout(
    drawing.nodes.map((node, i) => ({
      layer: node.column,
      height: roomFor(
        Math.max(slot(node.learned, node.exact), leaving[i], entering[i]),
        node.column === drawing.columns - 1,
      ),
    })),
    drawing.edges.map((edge, i) => ({
      source: edge.source,
      target: edge.target,
      weight: edge.learned + edge.exact + 0.01,
      width: slots[i],
    })),
    { nodeGap: 0, bendGap: 5, minHeight: options.minHeight },
  );
  const columnWidth = (options.width - MARGIN.left - options.lastLabel - BAR) / Math.max(drawing.columns - 1, 1);
  const columnX = (column: number): number => MARGIN.left + column * columnWidth;
  const nodes = drawing.nodes.map((node, i) => ({
    x: columnX(node.column),
    y: MARGIN.top + layout.y[i] + (node.column === drawing.columns - 1 ? 0 : LABEL_LIFT),
    learnedHeight: Math.max(thickness(node.learned), 3),
    exactHeight: Math.max(thickness(node.exact), 3),
  }));

  // Ribbons are stacked along a node's side in the order of where they come from or go to.
  const start = drawing.edges.map(() => 0);
  const end = drawing.edges.map(() => 0);
  for (const [v, node] of nodes.entries()) {
    const stack = (edges: number[], far: (e: number) => number, put: (e: number, y: number) => void): void => {
      edges.sort((a, b) => far(a) - far(b) || a - b);
      let y = node.y - edges.reduce((sum, e) => sum + slots[e], 0) / 2;
      for (const e of edges) {
        put(e, y + slots[e] / 2);
        y += slots[e];
      }
    };
    const ids = drawing.edges.map((_, e) => e);
    stack(
      ids.filter((e) => drawing.edges[e].source === v),
      (e) => layout.bends[e][0] ?? layout.y[drawing.edges[e].target],
      (e, y) => {
        start[e] = y;
      },
    );
    stack(
      ids.filter((e) => drawing.edges[e].target === v),
      (e) => layout.bends[e].at(-1) ?? layout.y[drawing.edges[e].source],
      (e, y) => {
        end[e] = y;
      },
    );
  }
  const edges = drawing.edges.map((edge, e): PlacedEdge => {
    const first = drawing.nodes[edge.source].column;
    const bends = layout.bends[e].map((y, i) => ({
      x: columnX(first + i + 1) + BAR / 2,
      y: MARGIN.top + y,
    }));
    return {
      points: [{ x: nodes[edge.source].x + BAR, y: start[e] }, ...bends, { x: nodes[edge.target].x, y: end[e] }],
      learnedWidth: thickness(edge.learned),
      exactWidth: thickness(edge.exact),
    };
  });
  return {
    width: options.width,
    height: layout.height + MARGIN.top + MARGIN.bottom,
    columnWidth,
    nodes,
    edges,
  };
}
