/**
 * How well learned credit agrees with the exact credit of the same backward policy: Spearman's rho of `c_t` over
 * the steps of a trajectory, and hit@1: does the largest `|c-_t|` find the decisive step?
 */
import type { ExactFlows } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { BalancedPolicy } from './credit.ts';
import { centreCredit, edgeCredit, exactEdgeCredit } from './credit.ts';
import { sampleTrajectory } from './sampleTrajectory.ts';
import { spearman } from './statistics.ts';

/** Credits closer than this are tied: equal flows reached by different sums differ by rounding. */
const TIE = 1e-9;
/** Fewer steps than this have no order worth comparing. */
const MIN_STEPS = 3;
/** The share of uniform choices in the trajectories that agreement is measured on. */
const UNIFORM = 0.2;

export interface CreditAgreement {
  /** Mean rho over the trajectories that have one; null if none has. A constant learned credit has rho 0. */
  readonly spearman: number | null;
  /** Share of trajectories whose decisive step was found, ties counted fractionally; null if none has one. */
  readonly hitAtOne: number | null;
  /** How many trajectories rho is the mean of. */
  readonly compared: number;
}

/**
 * Samples trajectories from the policy mixed with 20% uniform choices and compares, on those with three steps or
 * more and an exact credit that is not constant. (Rho does not see `Delta / T`: it is one number for all steps.)
 * @param exact `exactFlows` for `policy.logPB`
 * @param samples how many trajectories to draw
 */
export function creditAgreement(
  graph: TaskGraph,
  policy: BalancedPolicy,
  exact: ExactFlows,
  logTarget: Float64Array,
  random: RandomSource,
  samples = 64,
): CreditAgreement {
  const learned = edgeCredit(policy);
  const learnedCentred = centreCredit(graph, policy.logPF, learned);
  const truth = exactEdgeCredit(graph, exact);
  const truthCentred = centreCredit(graph, exact.logPF, truth);
  let [rho, compared, hits, decided] = [0, 0, 0, 0];
  for (let i = 0; i < samples; i++) {
    const trajectory = sampleTrajectory(graph, policy.logPF, random, UNIFORM);
    const along = (ofEdge: Float64Array): Float64Array => Float64Array.from(trajectory, (e) => ofEdge[e]);
    const exactCredit = along(truth);
    if (trajectory.length < MIN_STEPS || Math.max(...exactCredit) - Math.min(...exactCredit) <= TIE) continue;
    const credit = along(learned);
    const total = logTarget[graph.target[trajectory[trajectory.length - 1]] - graph.states] - policy.logZ;
    const residual = (credit.reduce((sum, c) => sum + c, 0) - total) / trajectory.length;
    compared++;
    rho += spearman(credit, exactCredit, TIE) ?? 0;
    const hit = hitAtOne(
      along(learnedCentred).map((c) => c - residual),
      along(truthCentred),
    );
    if (hit !== null) decided++;
    hits += hit ?? 0;
  }
  return {
    spearman: compared === 0 ? null : rho / compared,
    hitAtOne: decided === 0 ? null : hits / decided,
    compared,
  };
}

/**
 * The probability that a step drawn among the largest `|scores|` is among the largest `|truth|`: 1 or 0 without
 * ties, and `1 / T` for a score that is one number for every step. Null if all `|truth|` are equal.
 */
export function hitAtOne(scores: Float64Array, truth: Float64Array): number | null {
  const decisive = new Set(largest(truth));
  if (decisive.size === truth.length) return null;
  const found = largest(scores);
  return found.filter((t) => decisive.has(t)).length / found.length;
}

/** Indices of the values of largest magnitude, ties included. */
function largest(values: Float64Array): number[] {
  const top = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Array.from(values.keys()).filter((i) => top - Math.abs(values[i]) <= TIE);
}
