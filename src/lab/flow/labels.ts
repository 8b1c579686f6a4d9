/** Short names for nodes and actions; the full text is always one click or hover away. */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import type { DrawnNode } from './drawing.ts';
import { count } from './figures.ts';

/** `text` in at most `length` characters, cut at a word where possible. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(length - 1, 1));
  const space = cut.lastIndexOf(' ');
  return `${(space > length * 0.6 ? cut.slice(0, space) : cut).replace(/[\s,;:.]+$/, '')}…`;
}

/** The items of a node, as texts. */
export function itemsOf(graph: TaskGraph, node: number): string[] {
  return Array.from(graph.item.subarray(graph.itemStart[node], graph.itemStart[node + 1]), (i) => graph.itemText[i]);
}

const FILLER = /\b(?:you|are|is|the)\b /gi;

/** `lettuce 2 is in the fridge` as `lettuce 2 in fridge`: what a label can spare. */
export function compact(text: string): string {
  const short = text.replace(FILLER, '').trim();
  return short === '' ? text : short;
}

/**
 * A name for a node in at most about `length` characters: its own text where that is short, else
 * what is new in it beside the parent that most of the flow comes from, else what few of its
 * `peers` have.
 */
export function nodeName(
  graph: TaskGraph,
  flows: Flows,
  node: number,
  length: number,
  peers: readonly number[] = [],
): string {
  const text = graph.nodeText[node];
  if (text.length <= length) return text;
  if (node === 0) return 'start';
  const known = new Set(itemsOf(graph, mainParent(graph, flows, node)));
  const fresh = itemsOf(graph, node).filter((item) => !known.has(item));
  const told = fresh.length > 0 ? fresh : rarestFirst(graph, node, peers);
  return shorten(compact(told.length > 0 ? told.join(', ') : text), length);
}

/** The parent that most of the flow comes from. */
function mainParent(graph: TaskGraph, flows: Flows, node: number): number {
  let best = graph.inEdge[graph.inStart[node]];
  for (let i = graph.inStart[node]; i < graph.inStart[node + 1]; i++) {
    if (flows.logReachEdge[graph.inEdge[i]] > flows.logReachEdge[best]) best = graph.inEdge[i];
  }
  return graph.source[best];
}

function rarestFirst(graph: TaskGraph, node: number, peers: readonly number[]): string[] {
  const times = new Map<string, number>();
  for (const peer of peers) for (const item of itemsOf(graph, peer)) times.set(item, (times.get(item) ?? 0) + 1);
  const often = (item: string): number => times.get(item) ?? 0;
  return itemsOf(graph, node)
    .filter((item) => often(item) < peers.length)
    .sort((a, b) => often(a) - often(b));
}

/** The name of a drawn node, single or folded. */
export function drawnName(
  graph: TaskGraph,
  flows: Flows,
  drawn: DrawnNode,
  length: number,
  peers: readonly number[],
): string {
  // There is one at most, so it is named even where it is folded.
  if (drawn.kind === 'unexplored') return graph.nodeText[drawn.members[0]];
  if (drawn.node !== null) return nodeName(graph, flows, drawn.node, length, peers);
  return `+${count(drawn.members.length, drawn.kind === 'state' ? 'state' : 'outcome')}`;
}
