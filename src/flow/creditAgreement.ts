/**
 * How well a credit of single steps agrees with an exact one: Spearman's rho over the steps of a trajectory, and hit@1:
 * is the step of largest magnitude the decisive one? Flow credit stands beside what other methods would give.
 */
import type { ExactFlows } from '../graph/exact.ts';
import { evaluatePolicy, exactAdvantage } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { BalancedPolicy } from './credit.ts';
import { centreCredit, edgeCredit, exactEdgeCredit, groupAdvantage, outcomeOf } from './credit.ts';
import { sampleTrajectory } from './sampleTrajectory.ts';
import { spearman } from './statistics.ts';

/** Credits closer than this are tied: equal flows reached by different sums differ by rounding. */
const TIE = 1e-9;
/** Fewer steps than this have no order worth comparing. */
const MIN_STEPS = 3;
/** The share of uniform choices in the trajectories that agreement is measured on. */
const UNIFORM = 0.2;

/**
 * `flow` is c_t, `centred` c-_t; `group` GRPO's advantage, one number for all steps; `value` the change of a value
 * estimated by Monte Carlo from the same trajectories; `head` the change of a learned value; `random` noise.
 */
export type CreditName = 'flow' | 'centred' | 'group' | 'value' | 'head' | 'random';
/** Exact log-flow differences for the same backward policy, the same centred, and the policy's exact advantage. */
export type CreditTruth = 'exactFlow' | 'exactCentred' | 'advantage';

const CREDITS: readonly CreditName[] = ['flow', 'centred', 'group', 'value', 'head', 'random'];
const TRUTHS: readonly CreditTruth[] = ['exactFlow', 'exactCentred', 'advantage'];

export interface Agreement {
  readonly credit: CreditName;
  readonly against: CreditTruth;
  /** Mean rho over the trajectories that have one; null if none has. A constant credit has rho 0. */
  readonly spearman: number | null;
  /** Share of trajectories whose decisive step was found, ties counted fractionally; null if none has one. */
  readonly hitAtOne: number | null;
  /** How many trajectories rho is the mean of: those of three steps or more whose true credit is not constant. */
  readonly compared: number;
}

/**
 * Samples trajectories from the policy mixed with 20% uniform choices and compares every credit with every truth.
 * @param exact `exactFlows` for `policy.logPB`
 * @param values `[states]` a learned value of each state, null where nothing learns one
 * @param samples how many trajectories to draw
 */
export function creditAgreements(
  graph: TaskGraph,
  policy: BalancedPolicy,
  exact: ExactFlows,
  logTarget: Float64Array,
  values: Float64Array | null,
  random: RandomSource,
  samples = 64,
): readonly Agreement[] {
  const learned = edgeCredit(policy);
  const learnedCentred = centreCredit(graph, policy.logPF, learned);
  const exactFlow = exactEdgeCredit(graph, exact);
  const truths: Readonly<Record<CreditTruth, Float64Array>> = {
    exactFlow,
    exactCentred: centreCredit(graph, exact.logPF, exactFlow),
    advantage: exactAdvantage(graph, evaluatePolicy(graph, policy.logPF).value),
  };
  const trajectories = Array.from({ length: samples }, () => sampleTrajectory(graph, policy.logPF, random, UNIFORM));
  const rewards = trajectories.map((trajectory) => graph.reward[outcomeOf(graph, trajectory)]);
  const group = groupAdvantage(rewards);
  const estimate = monteCarloValues(graph, trajectories, rewards);
  const valueChange = (of: (node: number) => number, e: number) => of(graph.target[e]) - of(graph.source[e]);
  const learnedValue = (node: number) =>
    node < graph.states ? (values?.[node] ?? 0) : graph.reward[node - graph.states];

  const tallies = new Map<string, Tally>();
  for (const [i, trajectory] of trajectories.entries()) {
    const along = (ofEdge: (edge: number) => number): Float64Array => Float64Array.from(trajectory, ofEdge);
    const credit = along((e) => learned[e]);
    const total = logTarget[outcomeOf(graph, trajectory)] - policy.logZ;
    const residual = (credit.reduce((sum, c) => sum + c, 0) - total) / trajectory.length;
    const credits: Readonly<Record<CreditName, Float64Array | null>> = {
      // rho does not see `Delta / T`, which is one number for all steps; the step of largest magnitude does.
      flow: credit.map((c) => c - residual),
      centred: along((e) => learnedCentred[e] - residual),
      group: along(() => group?.[i] ?? 0),
      value: along((e) => valueChange((node) => estimate[node], e)),
      head: values && along((e) => valueChange(learnedValue, e)),
      random: along(() => random.next() - 0.5),
    };
    if (trajectory.length < MIN_STEPS) continue;
    for (const against of TRUTHS) {
      const truth = along((e) => truths[against][e]);
      if (Math.max(...truth) - Math.min(...truth) <= TIE) continue;
      for (const name of CREDITS) {
        const scores = credits[name];
        if (scores) tallyOf(tallies, name, against).add(scores, truth);
      }
    }
  }
  return CREDITS.flatMap((name) =>
    TRUTHS.flatMap((against) => {
      const tally = tallies.get(`${name} ${against}`);
      if (tally === undefined && name === 'head' && !values) return [];
      return [{ credit: name, against, ...(tally?.mean() ?? { spearman: null, hitAtOne: null, compared: 0 }) }];
    }),
  );
}

/** Learned flow credit against the exact one of the same backward policy: the rows that say whether credit is right. */
export function flowAgreement(agreements: readonly Agreement[]): {
  readonly spearman: number | null;
  readonly hitAtOne: number | null;
  readonly compared: number;
} {
  const find = (credit: CreditName, against: CreditTruth) =>
    agreements.find((row) => row.credit === credit && row.against === against);
  const raw = find('flow', 'exactFlow');
  return {
    spearman: raw?.spearman ?? null,
    hitAtOne: find('centred', 'exactCentred')?.hitAtOne ?? null,
    compared: raw?.compared ?? 0,
  };
}

/** The mean over tasks of each agreement, over those where it is defined. */
export function meanAgreements(
  tasks: readonly (readonly Agreement[])[],
): { credit: CreditName; against: CreditTruth; spearman: number | null; hitAtOne: number | null }[] {
  const mean = (values: readonly (number | null)[]): number | null => {
    const defined = values.filter((value) => value !== null);
    return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
  };
  return (tasks[0] ?? []).map(({ credit, against }, i) => ({
    credit,
    against,
    spearman: mean(tasks.map((rows) => rows[i].spearman)),
    hitAtOne: mean(tasks.map((rows) => rows[i].hitAtOne)),
  }));
}

class Tally {
  #rho = 0;
  #compared = 0;
  #hits = 0;
  #decided = 0;

  add(scores: Float64Array, truth: Float64Array): void {
    this.#compared++;
    this.#rho += spearman(scores, truth, TIE) ?? 0;
    const hit = hitAtOne(scores, truth);
    if (hit === null) return;
    this.#decided++;
    this.#hits += hit;
  }

  mean(): Pick<Agreement, 'spearman' | 'hitAtOne' | 'compared'> {
    return {
      spearman: this.#rho / this.#compared,
      hitAtOne: this.#decided === 0 ? null : this.#hits / this.#decided,
      compared: this.#compared,
    };
  }
}

function tallyOf(tallies: Map<string, Tally>, credit: CreditName, against: CreditTruth): Tally {
  const key = `${credit} ${against}`;
  const found = tallies.get(key) ?? new Tally();
  tallies.set(key, found);
  return found;
}

/** `[nodes]` mean reward of the trajectories that came through; 0 where none did; at an outcome its reward. */
function monteCarloValues(
  graph: TaskGraph,
  trajectories: readonly (readonly number[])[],
  rewards: readonly number[],
): Float64Array {
  const sums = new Float64Array(graph.states);
  const visits = new Float64Array(graph.states);
  for (const [i, trajectory] of trajectories.entries()) {
    for (const e of trajectory) {
      sums[graph.source[e]] += rewards[i];
      visits[graph.source[e]]++;
    }
  }
  const values = new Float64Array(graph.states + graph.outcomes);
  for (let s = 0; s < graph.states; s++) values[s] = visits[s] === 0 ? 0 : sums[s] / visits[s];
  values.set(graph.reward, graph.states);
  return values;
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
