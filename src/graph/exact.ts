/**
 * The answer key: flows, policies and path counts of an enumerated graph by dynamic programming,
 * in log space and float64, one topological pass each.
 *
 * Trajectory Balance (Malkin et al. 2022), section 2: with `P_B` given,
 * `F(x) = R~(x)^beta`, `F(e) = F(s') P_B(e | s')`, `F(s) = sum of F(e) over e leaving s`.
 */
import type { TaskGraph } from './taskGraph.ts';
import { inDegree, nodeCount } from './taskGraph.ts';

/** The reward of an outcome is not positive after the floor, so its logarithm does not exist. */
export class NonPositiveReward extends Error {
  override readonly name = 'NonPositiveReward';
  constructor(suite: string, eps: number) {
    super(`Suite "${suite}" has an outcome with R + eps <= 0 at eps = ${eps}. Set objective.eps above 0.`);
  }
}

/** `log sum exp` over `n` values, exact for one value, `-Infinity` for none. */
export function logSumExp(n: number, at: (i: number) => number): number {
  let max = -Infinity;
  for (let i = 0; i < n; i++) max = Math.max(max, at(i));
  if (max === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(at(i) - max);
  return max + Math.log(sum);
}

/** `[outcomes]` `beta log R~(x)`, `R~ = R + eps`. @throws NonPositiveReward */
export function logTargets(graph: TaskGraph, beta: number, eps: number): Float64Array {
  return graph.reward.map((reward) => {
    if (!(reward + eps > 0)) throw new NonPositiveReward(graph.suite, eps);
    return beta * Math.log(reward + eps);
  });
}

/** `[outcomes]` log p*(x) and `log Z = log sum_x R~(x)^beta`. */
export function targetDistribution(logTarget: Float64Array): { logZ: number; logP: Float64Array } {
  const logZ = logSumExp(logTarget.length, (i) => logTarget[i]);
  return { logZ, logP: logTarget.map((value) => value - logZ) };
}

/** `[edges]` log of `1 / (edges entering the target)`. */
export function uniformLogPB(graph: TaskGraph): Float64Array {
  return Float64Array.from(graph.target, (node) => -Math.log(inDegree(graph, node)));
}

/** `[nodes]` log of the number of paths from the root. */
export function logPathCounts(graph: TaskGraph): Float64Array {
  const logN = new Float64Array(nodeCount(graph));
  for (let v = 1; v < logN.length; v++) {
    const first = graph.inStart[v];
    logN[v] = logSumExp(inDegree(graph, v), (i) => logN[graph.source[graph.inEdge[first + i]]]);
  }
  return logN;
}

/** `[edges]` log `n(s) / n(s')`: every path to a node equally likely (Maximum-entropy GFlowNets, 2312.14331). */
export function maxentLogPB(graph: TaskGraph): Float64Array {
  const logN = logPathCounts(graph);
  return Float64Array.from(graph.source, (s, e) => logN[s] - logN[graph.target[e]]);
}

/** `[edges]` logits made into log-probabilities over the edges leaving each state, in float64. */
export function normaliseForward(graph: TaskGraph, logits: ArrayLike<number>): Float64Array {
  const logPF = new Float64Array(graph.edges);
  for (let s = 0; s < graph.states; s++) {
    const first = graph.outStart[s];
    const n = graph.outStart[s + 1] - first;
    const lse = logSumExp(n, (i) => logits[first + i]);
    for (let i = 0; i < n; i++) logPF[first + i] = logits[first + i] - lse;
  }
  return logPF;
}

/** `[edges]` logits made into log-probabilities over the edges entering each node, in float64. */
export function normaliseBackward(graph: TaskGraph, logits: ArrayLike<number>): Float64Array {
  const logPB = new Float64Array(graph.edges);
  for (let v = 1; v < nodeCount(graph); v++) {
    const first = graph.inStart[v];
    const n = inDegree(graph, v);
    const lse = logSumExp(n, (i) => logits[graph.inEdge[first + i]]);
    for (let i = 0; i < n; i++) logPB[graph.inEdge[first + i]] = logits[graph.inEdge[first + i]] - lse;
  }
  return logPB;
}

export interface ExactFlows {
  readonly logZ: number;
  /** `[nodes]` log F */
  readonly logF: Float64Array;
  /** `[edges]` log F(e), and the optimal `log P_F(e | s) = log F(e) - log F(s)` */
  readonly logFEdge: Float64Array;
  readonly logPF: Float64Array;
}

/**
 * Flows and the optimal forward policy for a given backward policy. A state whose flow is zero (its
 * leaving edges all have `P_B = 0`) is never reached; its policy is set to uniform, so that no NaN arises.
 * @param logTarget `[outcomes]` `beta log R~`
 * @param logPB `[edges]` normalised over the edges entering each node
 */
export function exactFlows(graph: TaskGraph, logTarget: Float64Array, logPB: Float64Array): ExactFlows {
  const logF = new Float64Array(nodeCount(graph));
  const logFEdge = new Float64Array(graph.edges);
  logF.set(logTarget, graph.states);
  for (let s = graph.states - 1; s >= 0; s--) {
    const first = graph.outStart[s];
    const n = graph.outStart[s + 1] - first;
    for (let e = first; e < first + n; e++) logFEdge[e] = logF[graph.target[e]] + logPB[e];
    logF[s] = logSumExp(n, (i) => logFEdge[first + i]);
  }
  const logPF = Float64Array.from(graph.source, (s, e) =>
    logF[s] === -Infinity ? -Math.log(graph.outStart[s + 1] - graph.outStart[s]) : logFEdge[e] - logF[s],
  );
  return { logZ: logF[0], logF, logFEdge, logPF };
}

export interface PolicyEvaluation {
  /** `[nodes]` log of the probability of passing through a node. */
  readonly logReach: Float64Array;
  /** `[outcomes]` log pi(x) */
  readonly logPi: Float64Array;
  /** `[nodes]` `V(s) = E[R | s]`; at an outcome its reward. */
  readonly value: Float64Array;
  /** Probability that an outcome is solved. */
  readonly success: number;
  /** `-sum pi log pi`, nats. */
  readonly entropy: number;
  /** Expected number of edges of a trajectory. */
  readonly meanLength: number;
}

/** What a forward policy does, exactly. @param logPF `[edges]` normalised over the edges leaving each state */
export function evaluatePolicy(graph: TaskGraph, logPF: Float64Array): PolicyEvaluation {
  const nodes = nodeCount(graph);
  const logReach = new Float64Array(nodes);
  for (let v = 1; v < nodes; v++) {
    const first = graph.inStart[v];
    logReach[v] = logSumExp(inDegree(graph, v), (i) => {
      const e = graph.inEdge[first + i];
      return logReach[graph.source[e]] + logPF[e];
    });
  }
  const value = new Float64Array(nodes);
  value.set(graph.reward, graph.states);
  for (let s = graph.states - 1; s >= 0; s--) {
    for (let e = graph.outStart[s]; e < graph.outStart[s + 1]; e++) {
      value[s] += Math.exp(logPF[e]) * value[graph.target[e]];
    }
  }
  const logPi = logReach.slice(graph.states);
  let success = 0;
  let entropy = 0;
  for (const [x, logP] of logPi.entries()) {
    const p = Math.exp(logP);
    if (p === 0) continue;
    entropy -= p * logP;
    if (graph.solved[x] === 1) success += p;
  }
  let meanLength = 0;
  for (let s = 0; s < graph.states; s++) meanLength += Math.exp(logReach[s]);
  return { logReach, logPi, value, success, entropy, meanLength };
}

/** `[edges]` `E[R | s, a] - E[R | s]`: the exact advantage of each edge under the evaluated policy. */
export function exactAdvantage(graph: TaskGraph, value: Float64Array): Float64Array {
  return Float64Array.from(graph.source, (s, e) => value[graph.target[e]] - value[s]);
}

/** `[edges]` log of `1 / (edges leaving the source)`: every legal action equally likely. */
export function uniformLogPF(graph: TaskGraph): Float64Array {
  return Float64Array.from(graph.source, (s) => -Math.log(graph.outStart[s + 1] - graph.outStart[s]));
}

/** `[edges]` the deterministic policy of largest expected reward, 0 or -Infinity; of equal actions the first. */
export function greedyLogPF(graph: TaskGraph): Float64Array {
  const value = new Float64Array(nodeCount(graph));
  value.set(graph.reward, graph.states);
  const logPF = new Float64Array(graph.edges).fill(-Infinity);
  for (let s = graph.states - 1; s >= 0; s--) {
    let best = graph.outStart[s];
    for (let e = best + 1; e < graph.outStart[s + 1]; e++) {
      if (value[graph.target[e]] > value[graph.target[best]]) best = e;
    }
    logPF[best] = 0;
    value[s] = value[graph.target[best]];
  }
  return logPF;
}
