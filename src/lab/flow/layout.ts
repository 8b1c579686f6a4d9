/**
 * Layered layout of a directed acyclic graph (Sugiyama's method): edges that span several layers
 * are broken by bends, the order inside each layer is found by barycentre sweeps and swaps, and
 * heights come from an order-preserving least-squares fit (pool adjacent violators).
 */

export interface LayoutNode {
  /** Column, from 0. Every edge goes to a higher layer. */
  readonly layer: number;
  /** Room the node takes vertically. */
  readonly height: number;
}

export interface LayoutEdge {
  readonly source: number;
  readonly target: number;
  /** How much the edge pulls its ends together, and how much its crossings cost. Above 0. */
  readonly weight: number;
  /** Room the edge takes where it passes through a layer. */
  readonly width: number;
}

export interface LayoutOptions {
  readonly nodeGap: number;
  readonly bendGap: number;
  /** The drawing is at least this high. */
  readonly minHeight: number;
}

export interface Layout {
  readonly height: number;
  /** Vertical centre of each node. */
  readonly y: readonly number[];
  /** For each edge, the vertical centre of its bend in each layer between its ends. */
  readonly bends: readonly (readonly number[])[];
}

/** A node or a bend: what is ordered inside a layer. */
interface Item {
  readonly layer: number;
  readonly height: number;
  readonly isBend: boolean;
}

/** Part of an edge between two neighbouring layers; `a` and `b` are items. */
export interface Segment {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

const SWEEPS = 16;
const RELAXATIONS = 30;

export function layeredLayout(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions,
): Layout {
  const { items, segments, bendItems } = breakLongEdges(nodes, edges);
  const layers: number[][] = [];
  for (const [i, item] of items.entries()) {
    while (layers.length <= item.layer) layers.push([]);
    layers[item.layer].push(i);
  }
  const order = orderLayers(layers, segments);
  const { y, height } = placeItems(order, items, segments, options);
  return { height, y: nodes.map((_, i) => y[i]), bends: bendItems.map((bends) => bends.map((i) => y[i])) };
}

function breakLongEdges(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]) {
  const items: Item[] = nodes.map((node) => ({ layer: node.layer, height: node.height, isBend: false }));
  const segments: Segment[] = [];
  const bendItems = edges.map((edge) => {
    const bends: number[] = [];
    let from = edge.source;
    for (let layer = nodes[edge.source].layer + 1; layer < nodes[edge.target].layer; layer++) {
      const bend = items.length;
      items.push({ layer, height: edge.width, isBend: true });
      segments.push({ a: from, b: bend, weight: edge.weight });
      bends.push(bend);
      from = bend;
    }
    segments.push({ a: from, b: edge.target, weight: edge.weight });
    return bends;
  });
  return { items, segments, bendItems };
}

/** Cost of the crossings of an order: each crossing costs the product of the two weights. */
export function crossingCost(order: readonly (readonly number[])[], segments: readonly Segment[]): number {
  const items = order.reduce((most, layer) => Math.max(most, ...layer), -1) + 1;
  const position = new Int32Array(items);
  const layerOf = new Int32Array(items);
  for (const [layer, placed] of order.entries()) {
    for (const [i, item] of placed.entries()) {
      position[item] = i;
      layerOf[item] = layer;
    }
  }
  const byLayer: Segment[][] = order.map(() => []);
  for (const segment of segments) byLayer[layerOf[segment.a]].push(segment);
  let cost = 0;
  for (const between of byLayer) {
    between.sort((s, t) => position[s.a] - position[t.a]);
    for (let i = 0; i < between.length; i++) {
      const s = between[i];
      for (let j = i + 1; j < between.length; j++) {
        const t = between[j];
        if (position[t.a] > position[s.a] && position[t.b] < position[s.b]) cost += s.weight * t.weight;
      }
    }
  }
  return cost;
}

/** Barycentre sweeps down and up, keeping the best order met; then swaps of neighbours that help. */
export function orderLayers(layers: readonly (readonly number[])[], segments: readonly Segment[]): number[][] {
  const before = neighbours(segments, (s) => [s.b, s.a, s.weight]);
  const after = neighbours(segments, (s) => [s.a, s.b, s.weight]);
  const order = layers.map((items) => [...items]);
  let best = order.map((items) => [...items]);
  let bestCost = crossingCost(order, segments);
  for (let sweep = 0; sweep < SWEEPS && bestCost > 0; sweep++) {
    const down = sweep % 2 === 0;
    const sequence = down ? order.keys() : [...order.keys()].reverse();
    const linked = down ? before : after;
    for (const layer of sequence) {
      const place = positions(order);
      const rank = new Map(
        order[layer].map((item) => [item, barycentre(linked.get(item), place) ?? place.get(item) ?? 0]),
      );
      const old = new Map(order[layer].map((item, i) => [item, i]));
      order[layer].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || (old.get(a) ?? 0) - (old.get(b) ?? 0));
    }
    const cost = crossingCost(order, segments);
    if (cost < bestCost) {
      bestCost = cost;
      best = order.map((items) => [...items]);
    }
  }
  return swapNeighbours(best, before, after);
}

interface Link {
  readonly item: number;
  readonly weight: number;
}

type Links = ReadonlyMap<number, readonly Link[]>;

function neighbours(segments: readonly Segment[], read: (s: Segment) => [number, number, number]): Links {
  const links = new Map<number, Link[]>();
  for (const segment of segments) {
    const [of, item, weight] = read(segment);
    const list = links.get(of) ?? [];
    list.push({ item, weight });
    links.set(of, list);
  }
  return links;
}

/** Positions in a layer scaled to 0..1, so that layers of different sizes compare. */
function positions(order: readonly (readonly number[])[]): Map<number, number> {
  const place = new Map<number, number>();
  for (const items of order) for (const [i, item] of items.entries()) place.set(item, (i + 0.5) / items.length);
  return place;
}

function barycentre(links: readonly Link[] | undefined, at: ReadonlyMap<number, number>): number | null {
  let sum = 0;
  let weight = 0;
  for (const link of links ?? []) {
    sum += link.weight * (at.get(link.item) ?? 0);
    weight += link.weight;
  }
  return weight > 0 ? sum / weight : null;
}

function swapNeighbours(order: number[][], before: Links, after: Links): number[][] {
  for (let round = 0; round < 8; round++) {
    let swapped = false;
    for (const items of order) {
      const place = positions(order);
      for (let i = 0; i + 1 < items.length; i++) {
        const [a, b] = [items[i], items[i + 1]];
        const gain =
          pairCost(before.get(a), before.get(b), place) -
          pairCost(before.get(b), before.get(a), place) +
          pairCost(after.get(a), after.get(b), place) -
          pairCost(after.get(b), after.get(a), place);
        if (gain > 1e-12) {
          items[i] = b;
          items[i + 1] = a;
          swapped = true;
        }
      }
    }
    if (!swapped) break;
  }
  return order;
}

/** What the crossings between the links of `first` and of `second` cost when `first` stands above. */
function pairCost(
  first: readonly Link[] | undefined,
  second: readonly Link[] | undefined,
  at: ReadonlyMap<number, number>,
): number {
  let cost = 0;
  for (const p of first ?? []) {
    for (const q of second ?? []) {
      if ((at.get(p.item) ?? 0) > (at.get(q.item) ?? 0)) cost += p.weight * q.weight;
    }
  }
  return cost;
}

function placeItems(
  order: readonly (readonly number[])[],
  items: readonly Item[],
  segments: readonly Segment[],
  options: LayoutOptions,
) {
  // Distance between the centres of two items that stand one above the other.
  const spacing = (a: number, b: number): number =>
    (items[a].height + items[b].height) / 2 + (items[a].isBend || items[b].isBend ? options.bendGap : options.nodeGap);
  const extent = (layer: readonly number[]): number => {
    if (layer.length === 0) return 0;
    let sum = (items[layer[0]].height + items[layer[layer.length - 1]].height) / 2;
    for (let i = 1; i < layer.length; i++) sum += spacing(layer[i - 1], layer[i]);
    return sum;
  };
  const height = Math.max(options.minHeight, ...order.map(extent));

  const y = new Array<number>(items.length).fill(height / 2);
  const settle = (layer: readonly number[], wanted: readonly number[], weights: readonly number[]): void => {
    if (layer.length === 0) return;
    const offsets = [0];
    for (let i = 1; i < layer.length; i++) offsets.push(offsets[i - 1] + spacing(layer[i - 1], layer[i]));
    const low = items[layer[0]].height / 2;
    const high = height - items[layer[layer.length - 1]].height / 2 - offsets[layer.length - 1];
    const fitted = isotonic(
      wanted.map((value, i) => value - offsets[i]),
      weights,
    );
    for (const [i, item] of layer.entries()) y[item] = Math.min(Math.max(fitted[i], low), high) + offsets[i];
  };
  for (const layer of order) {
    const slack = (height - extent(layer)) / (layer.length + 1);
    let top = slack;
    const wanted = layer.map((item, i) => {
      if (i > 0) top += spacing(layer[i - 1], item) - (items[layer[i - 1]].height + items[item].height) / 2 + slack;
      const centre = top + items[item].height / 2;
      top += items[item].height;
      return centre;
    });
    settle(
      layer,
      wanted,
      layer.map(() => 1),
    );
  }

  const before = neighbours(segments, (s) => [s.b, s.a, s.weight]);
  const after = neighbours(segments, (s) => [s.a, s.b, s.weight]);
  for (let round = 0; round < RELAXATIONS; round++) {
    const sequence = round % 2 === 0 ? order : [...order].reverse();
    for (const layer of sequence) {
      const wanted: number[] = [];
      const weights: number[] = [];
      for (const item of layer) {
        const links = [...(before.get(item) ?? []), ...(after.get(item) ?? [])];
        let sum = 0;
        let weight = 0;
        for (const link of links) {
          sum += link.weight * y[link.item];
          weight += link.weight;
        }
        wanted.push(weight > 0 ? sum / weight : y[item]);
        weights.push(Math.max(weight, 1e-6));
      }
      settle(layer, wanted, weights);
    }
  }
  return { y, height };
}

/** The non-decreasing sequence nearest to `values` in weighted least squares (pool adjacent violators). */
export function isotonic(values: readonly number[], weights: readonly number[]): number[] {
  const pools: { mean: number; weight: number; size: number }[] = [];
  for (const [i, value] of values.entries()) {
    let pool = { mean: value, weight: weights[i], size: 1 };
    for (let last = pools.at(-1); last !== undefined && last.mean > pool.mean; last = pools.at(-1)) {
      const weight = last.weight + pool.weight;
      pool = {
        mean: (last.mean * last.weight + pool.mean * pool.weight) / weight,
        weight,
        size: last.size + pool.size,
      };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => new Array<number>(pool.size).fill(pool.mean));
}
