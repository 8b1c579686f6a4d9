/**
 * The model of the lesson "What flows": the diamond graph, a reward exponent, a backward policy
 * and a forward policy that is either in balance with them or left where the reader put it.
 *
 *     residual(e) = log F(s) P_F(e | s) - log F(s') P_B(e | s')        0 on every edge = balance
 *
 * `F` are the exact flows of the chosen backward policy, so along a walk the residuals add up to
 * `Delta = log Z + sum log P_F - beta log R - sum log P_B` (Trajectory Balance, 2201.13259).
 */
import type { StepCredit, Trajectory, TrajectoryCredit } from '../../../flow/credit.ts';
import { exactTrajectoryCredit, trajectoryCredit } from '../../../flow/credit.ts';
import type { ExactFlows } from '../../../graph/exact.ts';
import { exactFlows, logTargets, uniformLogPB } from '../../../graph/exact.ts';
import type { TaskGraph } from '../../../graph/taskGraph.ts';
import { inDegree, nodeCount } from '../../../graph/taskGraph.ts';
import type { Flows } from '../../../session/protocol.ts';
import { flowsOf } from '../../../training/taskViews.ts';
import { diamond } from '../../../worlds/diamond/index.ts';

export interface WhatFlows {
  readonly graph: TaskGraph;
  readonly beta: number;
  /** `[edges]` the reader's backward policy. */
  readonly logPB: Float64Array;
  /** `[edges]` the forward policy as the reader broke it; null while it follows the flows. */
  readonly brokenLogPF: Float64Array | null;
  /** The node that was clicked last. */
  readonly selected: number;
  /** Index of the walk that was chosen, null before. */
  readonly walk: number | null;
}

export function initialWhatFlows(): WhatFlows {
  const graph = diamond.task({}, 0, 'train', 0).compile();
  return { graph, beta: 1, logPB: uniformLogPB(graph), brokenLogPF: null, selected: 0, walk: null };
}

/** A walk from the start to an outcome, with what the policy and the answer key say of it. */
export interface Walk {
  readonly edges: Trajectory;
  readonly outcome: number;
  readonly credit: TrajectoryCredit;
  readonly exactCredit: StepCredit;
}

export interface Derived {
  readonly flows: ExactFlows;
  readonly logPF: Float64Array;
  /** `[edges]` */
  readonly residual: Float64Array;
  /** Largest residual by size. */
  readonly worst: number;
  readonly policy: Flows;
  readonly balanced: Flows;
  readonly walks: readonly Walk[];
}

export function derive({ graph, beta, logPB, brokenLogPF }: WhatFlows): Derived {
  const logTarget = logTargets(graph, beta, diamond.eps);
  const flows = exactFlows(graph, logTarget, logPB);
  const logPF = brokenLogPF ?? flows.logPF;
  const residual = Float64Array.from(
    graph.source,
    (s, e) => flows.logF[s] + logPF[e] - flows.logF[graph.target[e]] - logPB[e],
  );
  return {
    flows,
    logPF,
    residual,
    worst: Math.max(...residual.map(Math.abs)),
    policy: flowsOf(graph, { logZ: flows.logZ, logPF, logPB }),
    balanced: flowsOf(graph, { logZ: flows.logZ, logPF: flows.logPF, logPB }),
    walks: walksOf(graph).map((edges) => ({
      edges,
      outcome: graph.target[edges[edges.length - 1]],
      credit: trajectoryCredit(graph, edges, { logZ: flows.logZ, logPF, logPB }, logTarget),
      exactCredit: exactTrajectoryCredit(graph, edges, flows),
    })),
  };
}

/** Every walk of a small graph. */
export function walksOf(graph: TaskGraph): Trajectory[] {
  const from = (node: number): number[][] => {
    if (node >= graph.states) return [[]];
    return leaving(graph, node).flatMap((e) => from(graph.target[e]).map((rest) => [e, ...rest]));
  };
  return from(0);
}

/** The edges that leave a state. */
export function leaving(graph: TaskGraph, state: number): number[] {
  return Array.from({ length: graph.outStart[state + 1] - graph.outStart[state] }, (_, i) => graph.outStart[state] + i);
}

/** The edges that enter a node. */
export function entering(graph: TaskGraph, node: number): number[] {
  return Array.from(graph.inEdge.subarray(graph.inStart[node], graph.inStart[node + 1]));
}

/** Nodes that several edges enter: where the backward policy has a choice. */
export function mergeNodes(graph: TaskGraph): number[] {
  return Array.from({ length: nodeCount(graph) }, (_, v) => v).filter((v) => inDegree(graph, v) > 1);
}

/** States that several edges leave: where the forward policy has a choice. */
export function branchStates(graph: TaskGraph): number[] {
  return Array.from({ length: graph.states }, (_, s) => s).filter((s) => leaving(graph, s).length > 1);
}

/** `logP` with the probability of `edge` set to `share`; the other edges of its group keep their proportions. */
export function withShare(logP: Float64Array, group: readonly number[], edge: number, share: number): Float64Array {
  const next = logP.slice();
  const rest = Math.log1p(-share) - Math.log1p(-Math.exp(logP[edge]));
  for (const other of group) next[other] = other === edge ? Math.log(share) : logP[other] + rest;
  return next;
}

export function setBackward(state: WhatFlows, edge: number, share: number): WhatFlows {
  const group = entering(state.graph, state.graph.target[edge]);
  return { ...state, logPB: withShare(state.logPB, group, edge, share) };
}

/** Fixes the forward policy where it is, with one probability changed: this is how balance breaks. */
export function setForward(state: WhatFlows, edge: number, share: number): WhatFlows {
  const group = leaving(state.graph, state.graph.source[edge]);
  return { ...state, brokenLogPF: withShare(derive(state).logPF, group, edge, share) };
}

/** The forward policy follows the flows again: `P_F(e | s) = F(e) / F(s)`. */
export function mend(state: WhatFlows): WhatFlows {
  return { ...state, brokenLogPF: null };
}
