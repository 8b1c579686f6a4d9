/**
 * What is measured of a policy on an enumerated task, exactly and in float64: how far its outcome
 * distribution pi is from the target p*, and how it spreads over the outcomes that are solved.
 * What is 0/0 is null.
 */
import type { PolicyEvaluation } from '../graph/exact.ts';
import { targetDistribution } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { unexplored } from '../graph/taskGraph.ts';
import { leastSquaresSlope } from './statistics.ts';

/** The exact measures of one policy on one task. Entropies and divergences in nats. */
export interface Measures {
  /** Probability that an outcome is solved: of the policy, and of the target. */
  readonly success: number;
  readonly targetSuccess: number;
  /** Probability that of 3, of 5 independent trajectories one at least is solved: `1 - (1 - success)^k`. */
  readonly pass3: number;
  readonly pass5: number;
  /** `E[R]` */
  readonly reward: number;
  /** `sum over outcomes of |pi - p*|`, from 0 to 2 */
  readonly l1: number;
  /** Jensen-Shannon divergence of pi and p*, from 0 to ln 2 */
  readonly jsd: number;
  /** `|log Z - log Z*|`; null where the policy has no log Z. */
  readonly logZError: number | null;
  /** Slope of log pi on beta log R~ over outcomes, unweighted; null if the reward is constant or some pi is 0. */
  readonly slope: number | null;
  /** Solved outcomes that hold at least half of their target share, and how many there are to hold. */
  readonly modes: number;
  readonly modesOfTarget: number;
  readonly entropy: number;
  readonly entropyOfTarget: number;
  /**
   * `1 - exp(H) / n`, `H` = entropy of pi among the `n` solved outcomes: 0 is evenly spread, near 1 is one of
   * many. Null if nothing is solved.
   */
  readonly collapse: number | null;
}

/** Share of a policy's walks that lead to what was not explored, in [0, 1]; 0 where the task is known as a whole. */
export function unexploredMass(graph: TaskGraph, { logPi }: PolicyEvaluation): number {
  const unknown = unexplored(graph);
  return unknown === null ? 0 : Math.exp(logPi[unknown]);
}

/**
 * All measures of one policy on one task.
 * @param logTarget `[outcomes]` `beta log R~`
 * @param evaluation of the policy, from `evaluatePolicy`
 * @param logZ the policy's own estimate of log Z, null if it has none
 */
export function measurePolicy(
  graph: TaskGraph,
  logTarget: Float64Array,
  evaluation: PolicyEvaluation,
  logZ: number | null,
): Measures {
  const { logPi } = evaluation;
  const target = targetDistribution(logTarget);
  let [l1, jsd, targetSuccess, entropyOfTarget, modes, modesOfTarget] = [0, 0, 0, 0, 0, 0];
  for (let x = 0; x < graph.outcomes; x++) {
    const pi = Math.exp(logPi[x]);
    const p = Math.exp(target.logP[x]);
    l1 += Math.abs(pi - p);
    jsd += (divergenceTerm(pi, (pi + p) / 2) + divergenceTerm(p, (pi + p) / 2)) / 2;
    entropyOfTarget += entropyTerm(p);
    if (graph.solved[x] === 1) {
      targetSuccess += p;
      modesOfTarget++;
      if (pi >= p / 2) modes++;
    }
  }
  return {
    success: evaluation.success,
    targetSuccess,
    pass3: 1 - (1 - evaluation.success) ** 3,
    pass5: 1 - (1 - evaluation.success) ** 5,
    reward: evaluation.value[0],
    l1,
    // Rounding may leave a sum that is 0 just below it.
    jsd: Math.max(0, jsd),
    logZError: logZ === null ? null : Math.abs(logZ - target.logZ),
    slope: logPi.includes(-Infinity) ? null : leastSquaresSlope(logTarget, logPi),
    modes,
    modesOfTarget,
    entropy: evaluation.entropy,
    entropyOfTarget,
    collapse: collapse(graph, logPi, evaluation.success),
  };
}

/** Mean of measures over tasks; of a measure that is null for some tasks, over the others. @throws RangeError if empty */
export function meanMeasures(tasks: readonly Measures[]): Measures {
  if (tasks.length === 0) throw new RangeError('The mean of no measures does not exist.');
  const mean = (of: (measures: Measures) => number): number =>
    tasks.reduce((sum, measures) => sum + of(measures), 0) / tasks.length;
  const meanDefined = (of: (measures: Measures) => number | null): number | null => {
    const values = tasks.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    success: mean((m) => m.success),
    targetSuccess: mean((m) => m.targetSuccess),
    pass3: mean((m) => m.pass3),
    pass5: mean((m) => m.pass5),
    reward: mean((m) => m.reward),
    l1: mean((m) => m.l1),
    jsd: mean((m) => m.jsd),
    logZError: meanDefined((m) => m.logZError),
    slope: meanDefined((m) => m.slope),
    modes: mean((m) => m.modes),
    modesOfTarget: mean((m) => m.modesOfTarget),
    entropy: mean((m) => m.entropy),
    entropyOfTarget: mean((m) => m.entropyOfTarget),
    collapse: meanDefined((m) => m.collapse),
  };
}

/**
 * pass@k without bias: the probability that of `k` samples, drawn without replacement from `samples` of which
 * `solved` are solved, one at least is: `1 - C(n - c, k) / C(n, k)` (Evaluating Large Language Models Trained on
 * Code, 2107.03374, equation 1).
 * @throws RangeError unless `0 <= solved <= samples` and `1 <= k <= samples`, all integers
 */
export function passAtK(samples: number, solved: number, k: number): number {
  const valid =
    [samples, solved, k].every(Number.isInteger) && solved >= 0 && solved <= samples && k >= 1 && k <= samples;
  if (!valid) throw new RangeError(`pass@${k} of ${solved} solved in ${samples} samples does not exist.`);
  let noneSolved = 1;
  for (let i = 0; i < k; i++) noneSolved *= Math.max(0, samples - solved - i) / (samples - i);
  return 1 - noneSolved;
}

function entropyTerm(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}

function divergenceTerm(p: number, q: number): number {
  return p > 0 ? p * Math.log(p / q) : 0;
}

function collapse(graph: TaskGraph, logPi: Float64Array, success: number): number | null {
  if (success === 0) return null;
  let entropy = 0;
  let solved = 0;
  for (let x = 0; x < graph.outcomes; x++) {
    if (graph.solved[x] === 0) continue;
    solved++;
    entropy += entropyTerm(Math.exp(logPi[x]) / success);
  }
  return Math.max(0, 1 - Math.exp(entropy) / solved);
}
