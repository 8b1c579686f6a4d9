/**
 * Flow credit: what each step of a trajectory did to the flow still to come.
 *
 *     Delta = log Z + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     c_t   = log P_F(e_t) - log P_B(e_t) - Delta / T          (sums to beta log R~(x) - log Z, always)
 *     c-_t  = c_t - sum_a P_F(a | s_t) c(s_t, a)               c(s, a) = log P_F - log P_B
 *
 * At balance `c_t = log F(s_{t+1}) - log F(s_t)` (Trajectory Balance, 2201.13259; SkillFlow, 2605.14089). `c_t` adds up; `c-_t` judges: zero is what the policy does here on average.
 */
import type { ExactFlows } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';

/** A forward policy, its backward policy and its log Z, on one graph. */
export interface BalancedPolicy {
  readonly logZ: number;
  /** `[edges]` normalised over the edges leaving each state, and entering each node. */
  readonly logPF: Float64Array;
  readonly logPB: Float64Array;
}

/** The edges of a walk from the root to an outcome, in order; never empty. */
export type Trajectory = readonly number[];

/** Credit of each of the `T` steps of a trajectory. */
export interface StepCredit {
  /** `[T]` c_t */
  readonly credit: Float64Array;
  /** `[T]` c-_t */
  readonly centred: Float64Array;
}

export interface TrajectoryCredit extends StepCredit {
  /** `[T + 1]` running log flow `log Z + sum_{i<t} (log P_F - log P_B)`; ends `Delta` above `beta log R~`. */
  readonly logFlow: Float64Array;
  /** The residual of trajectory balance, and what each step's credit was corrected by: `Delta / T`. */
  readonly delta: number;
  readonly residualPerStep: number;
  /** `beta log R~(x) - log Z`: what the credits add up to. */
  readonly total: number;
}

/** `[edges]` `c(s, a) = log P_F - log P_B`, without a residual. */
export function edgeCredit(policy: BalancedPolicy): Float64Array {
  return policy.logPF.map((logPF, e) => logPF - policy.logPB[e]);
}

/** `[edges]` `log F(s') - log F(s)`: what `c(s, a)` is at balance. Not finite where a flow is zero. */
export function exactEdgeCredit(graph: TaskGraph, flows: ExactFlows): Float64Array {
  return Float64Array.from(graph.source, (s, e) => flows.logF[graph.target[e]] - flows.logF[s]);
}

/** `[edges]` the credit of each edge less the policy's mean credit in the state it leaves. */
export function centreCredit(graph: TaskGraph, logPF: Float64Array, credit: Float64Array): Float64Array {
  const centred = new Float64Array(graph.edges);
  for (let s = 0; s < graph.states; s++) {
    const mean = meanCredit(graph, logPF, credit, s);
    for (let e = graph.outStart[s]; e < graph.outStart[s + 1]; e++) centred[e] = credit[e] - mean;
  }
  return centred;
}

/** `sum_a P_F(a | s) c(s, a)`; an edge that is never taken does not count, whatever its credit. */
function meanCredit(graph: TaskGraph, logPF: Float64Array, credit: Float64Array, state: number): number {
  let mean = 0;
  for (let e = graph.outStart[state]; e < graph.outStart[state + 1]; e++) {
    const p = Math.exp(logPF[e]);
    if (p > 0) mean += p * credit[e];
  }
  return mean;
}

/**
 * The credit of a trajectory under a policy at any moment of its training.
 * @param logTarget `[outcomes]` `beta log R~`
 */
export function trajectoryCredit(
  graph: TaskGraph,
  trajectory: Trajectory,
  policy: BalancedPolicy,
  logTarget: Float64Array,
): TrajectoryCredit {
  const ofEdge = edgeCredit(policy);
  const steps = trajectory.length;
  const logFlow = new Float64Array(steps + 1);
  logFlow[0] = policy.logZ;
  for (const [t, e] of trajectory.entries()) logFlow[t + 1] = logFlow[t] + ofEdge[e];
  const logReward = logTarget[outcomeOf(graph, trajectory)];
  const delta = logFlow[steps] - logReward;
  const residualPerStep = delta / steps;
  return {
    credit: Float64Array.from(trajectory, (e) => ofEdge[e] - residualPerStep),
    centred: Float64Array.from(
      trajectory,
      (e) => ofEdge[e] - residualPerStep - meanCredit(graph, policy.logPF, ofEdge, graph.source[e]),
    ),
    logFlow,
    delta,
    residualPerStep,
    total: logReward - policy.logZ,
  };
}

/** The credit of a trajectory at exact balance, for the backward policy that `flows` were computed with. */
export function exactTrajectoryCredit(graph: TaskGraph, trajectory: Trajectory, flows: ExactFlows): StepCredit {
  const ofEdge = exactEdgeCredit(graph, flows);
  return {
    credit: Float64Array.from(trajectory, (e) => ofEdge[e]),
    centred: Float64Array.from(trajectory, (e) => ofEdge[e] - meanCredit(graph, flows.logPF, ofEdge, graph.source[e])),
  };
}

/** The outcome a trajectory ends in, as an index into `graph.reward`. */
export function outcomeOf(graph: TaskGraph, trajectory: Trajectory): number {
  return graph.target[trajectory[trajectory.length - 1]] - graph.states;
}

/**
 * `[n]` what GRPO (2402.03300) gives every step of each of `n` trajectories of one task: `(R - mean) / std`.
 * Null if all rewards are equal.
 */
export function groupAdvantage(rewards: readonly number[]): Float64Array | null {
  if (rewards.every((reward) => reward === rewards[0])) return null;
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length;
  return Float64Array.from(rewards, (reward) => (reward - mean) / Math.sqrt(variance));
}
