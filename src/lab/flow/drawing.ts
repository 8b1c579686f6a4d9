/**
 * What the Flow view draws of a task: the nodes inside the cut one by one, and everything outside
 * it folded into one node per layer, so that flow is conserved in the picture.
 */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { nodeCount, unexplored } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import type { Cut } from './cut.ts';
import { cutGraph, nodeLayers, THIN } from './cut.ts';

export interface DrawnNode {
  /** `node 12`, or `state 3` for what is folded in layer 3: stays the same while flows change. */
  readonly key: string;
  /** The graph's node, or null where many are folded into one. */
  readonly node: number | null;
  /** The nodes that are folded together, largest flow first; one for a single node. */
  readonly members: readonly number[];
  /** `unexplored`: where a live executor was not asked yet, of which nothing is known; it is no failure. */
  readonly kind: 'state' | 'solved' | 'unsolved' | 'unexplored';
  readonly column: number;
  /** Probability of passing through, learned and exact. */
  readonly learned: number;
  readonly exact: number;
}

export interface DrawnEdge {
  /** The graph's edge, or null where many are folded into one. */
  readonly edge: number | null;
  /** Indices into `nodes`. */
  readonly source: number;
  readonly target: number;
  readonly learned: number;
  readonly exact: number;
  /** Centred credit; null for folded edges. */
  readonly learnedCredit: number | null;
  readonly exactCredit: number | null;
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly columns: number;
  readonly cut: Cut;
  /** How many of the graph's edges between nodes of the picture are too thin to draw. */
  readonly thinEdges: number;
}

/** The key of a node that is drawn by itself. */
export function nodeKey(node: number): string {
  return `node ${node}`;
}

/** Below this flow an edge to or from a fold is a hair among hairs. */
const THIN_FOLDED = 0.01;

/** @param walk edges of a walk that is drawn edge by edge, whatever flow it carries */
export function drawTask(graph: TaskGraph, learned: Flows, exact: Flows, walk: readonly number[] = []): Drawing {
  const cut = cutGraph(graph, learned, exact, walk);
  const layer = nodeLayers(graph);
  const { nodes, place } = foldNodes(graph, learned, exact, cut, layer);
  const { edges, thinEdges } = foldEdges(graph, learned, exact, cut, place, new Set(walk));
  return { nodes, edges, columns: Math.max(...nodes.map((node) => node.column)) + 1, cut, thinEdges };
}

function foldNodes(graph: TaskGraph, learned: Flows, exact: Flows, cut: Cut, layer: Uint32Array) {
  const groups = new Map<
    string,
    { key: string; node: number | null; members: number[]; kind: DrawnNode['kind']; layer: number }
  >();
  const unknown = unexplored(graph);
  const kindOf = (v: number): DrawnNode['kind'] => {
    if (v < graph.states) return 'state';
    if (v - graph.states === unknown) return 'unexplored';
    return graph.solved[v - graph.states] === 1 ? 'solved' : 'unsolved';
  };
  for (let v = 0; v < nodeCount(graph); v++) {
    const kind = kindOf(v);
    const key = cut.drawn[v] ? nodeKey(v) : `${kind} ${layer[v]}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { key, node: cut.drawn[v] ? v : null, members: [v], kind, layer: layer[v] });
    else group.members.push(v);
  }
  const flow = exact.logReach.map((logReach, v) => Math.exp(logReach) + Math.exp(learned.logReach[v]));
  const flowOf = (flows: Flows, members: readonly number[]): number =>
    members.reduce((sum, v) => sum + Math.exp(flows.logReach[v]), 0);
  const shown = [...groups.values()]
    .map((group) => ({ ...group, learned: flowOf(learned, group.members), exact: flowOf(exact, group.members) }))
    .filter((group) => group.node !== null || group.learned >= THIN || group.exact >= THIN);
  const used = [...new Set(shown.map((group) => group.layer))].sort((a, b) => a - b);
  const columnOf = new Map(used.map((value, column) => [value, column]));
  const place = new Int32Array(nodeCount(graph)).fill(-1);
  const nodes = shown.map((group, index): DrawnNode => {
    for (const v of group.members) place[v] = index;
    return {
      key: group.key,
      node: group.node,
      members: group.members.sort((a, b) => flow[b] - flow[a] || a - b),
      kind: group.kind,
      column: columnOf.get(group.layer) ?? 0,
      learned: group.learned,
      exact: group.exact,
    };
  });
  return { nodes, place };
}

function foldEdges(
  graph: TaskGraph,
  learned: Flows,
  exact: Flows,
  cut: Cut,
  place: Int32Array,
  walked: ReadonlySet<number>,
) {
  const edges: DrawnEdge[] = [];
  const folded = new Map<string, { source: number; target: number; learned: number; exact: number; members: number }>();
  let thinEdges = 0;
  for (let e = 0; e < graph.edges; e++) {
    const [from, to] = [graph.source[e], graph.target[e]];
    const [source, target] = [place[from], place[to]];
    const flow = { learned: Math.exp(learned.logReachEdge[e]), exact: Math.exp(exact.logReachEdge[e]) };
    if (source < 0 || target < 0) continue;
    if (cut.drawn[from] && cut.drawn[to]) {
      if (!cut.whole && !walked.has(e) && Math.max(flow.learned, flow.exact) < THIN) thinEdges++;
      else {
        edges.push({
          edge: e,
          source,
          target,
          ...flow,
          learnedCredit: learned.centredCredit[e],
          exactCredit: exact.centredCredit[e],
        });
      }
      continue;
    }
    const key = `${source} ${target}`;
    const sum = folded.get(key);
    if (sum === undefined) folded.set(key, { source, target, ...flow, members: 1 });
    else {
      sum.learned += flow.learned;
      sum.exact += flow.exact;
      sum.members++;
    }
  }
  for (const { members, ...sum } of folded.values()) {
    if (Math.max(sum.learned, sum.exact) < THIN_FOLDED) thinEdges += members;
    else edges.push({ edge: null, ...sum, learnedCredit: null, exactCredit: null });
  }
  return { edges, thinEdges };
}
