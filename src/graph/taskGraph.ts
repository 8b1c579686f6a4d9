/**
 * The task graph as flat typed arrays: every state reachable from the start, every edge, every
 * outcome. A rooted directed acyclic multigraph; parallel edges are kept.
 *
 * Nodes are numbered `0 .. states-1` for states in topological order (0 is the root), then
 * `states .. states+outcomes-1` for outcomes. Edges are sorted by source, so the edges that leave
 * state `s` are `outStart[s] .. outStart[s+1]-1`; those that enter node `v` are
 * `inEdge[inStart[v] .. inStart[v+1]-1]`, in rising edge order.
 */
import type { Call } from './call.ts';

/** What the Supervisor may do: carry out a primitive, invoke a skill, or finish. */
export type ActionKind = 'act' | 'skill' | 'accept';

/** The numbering of action kinds in `TaskGraph.kind`. */
export const ACTION_KINDS: readonly ActionKind[] = ['act', 'skill', 'accept'];

export interface TaskGraph {
  readonly suite: string;
  readonly text: string;
  readonly states: number;
  readonly outcomes: number;
  readonly edges: number;
  /** Length in edges of the longest trajectory. */
  readonly horizon: number;
  /** `[states + 1]` */
  readonly outStart: Uint32Array;
  /** `[edges]` the state an edge leaves, and the node it enters. */
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  /** `[edges]` index into `actionText`. */
  readonly action: Uint32Array;
  /** `[edges]` index into ACTION_KINDS. */
  readonly kind: Uint8Array;
  /** `[edges]` the skill's place in the library + 1, or 0 for what is no skill. */
  readonly skill: Uint8Array;
  /** `[nodes + 1]`, `[edges]` */
  readonly inStart: Uint32Array;
  readonly inEdge: Uint32Array;
  /** `[nodes + 1]` and indices into `itemText`: each node as a set of texts. */
  readonly itemStart: Uint32Array;
  readonly item: Uint32Array;
  /** `[nodes]` steps taken; for an outcome, one more than the most of its parents. */
  readonly step: Uint32Array;
  /** `[outcomes]` */
  readonly reward: Float64Array;
  readonly solved: Uint8Array;
  /** Distinct texts of actions and of items. */
  readonly actionText: readonly string[];
  /** How a plan names each of the actions. */
  readonly planText: readonly string[];
  readonly itemText: readonly string[];
  /** `[nodes]` what a person reads of a node. */
  readonly nodeText: readonly string[];
  /**
   * Edges whose end nobody knows yet, each with the call that would tell, in rising order. They lead to the last outcome,
   * which stands for all that was not explored and has no reward. Empty where the task is known as a whole.
   */
  readonly pending: ReadonlyMap<number, Call>;
}

/** Number of nodes: states and outcomes. */
export function nodeCount(graph: TaskGraph): number {
  return graph.states + graph.outcomes;
}

/** Number of edges that enter `node`. */
export function inDegree(graph: TaskGraph, node: number): number {
  return graph.inStart[node + 1] - graph.inStart[node];
}

/** The outcome that stands for what was not explored, or null where all is known. */
export function unexplored(graph: TaskGraph): number | null {
  return graph.pending.size === 0 ? null : graph.outcomes - 1;
}

/** Whether every node but the root has exactly one entering edge (then the only valid `P_B` is 1). */
export function isTree(graph: TaskGraph): boolean {
  for (let node = 1; node < nodeCount(graph); node++) {
    if (inDegree(graph, node) !== 1) return false;
  }
  return true;
}
