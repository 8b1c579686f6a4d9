/**
 * What a run leaves behind. `steps` and `evaluations` hold no clock, so that two runs of one
 * config on one device are equal bit for bit; `timing` holds all that is not reproducible.
 * A measure that is 0/0 is null here.
 */

import type { EvolutionEvent } from '../evolution/events.ts';
import type { SkillShare } from '../evolution/shares.ts';
import type { CreditName, CreditTruth } from '../flow/creditAgreement.ts';
import type { Split } from '../graph/world.ts';
import type { Skill } from '../skills/skill.ts';
import type { RunConfig } from './config.ts';

export interface DeviceInfo {
  readonly backend: 'webgpu' | 'cpu';
  /** Adapter as the browser names it, or the words "CPU (TypeScript)". */
  readonly adapter: string;
  /** A software WebGPU adapter (its speed says nothing about a GPU). */
  readonly software: boolean;
}

/** Metrics of one training step, over its batch. */
export interface StepMetrics {
  readonly step: number;
  readonly loss: number;
  /** mean of log Z(q) over the batch */
  readonly logZ: number;
  /** fraction of the sampled trajectories (exploration included) that were solved, and their mean reward */
  readonly success: number;
  readonly reward: number;
  /** mean number of edges */
  readonly length: number;
  /** gradient norms before clipping: policy, backward policy, log Z */
  readonly gradPolicy: number;
  readonly gradBackward: number;
  readonly gradLogZ: number;
  /** unique states the forward pass was run on */
  readonly states: number;
  /** steps that the executor carried out: those of walks replayed from the buffer cost none */
  readonly executed: number;
}

export const CREDITS = ['flow', 'centred', 'group', 'value', 'head', 'random'] as const satisfies readonly CreditName[];
export const CREDIT_TRUTHS = ['exactFlow', 'exactCentred', 'advantage'] as const satisfies readonly CreditTruth[];

/** How one credit of single steps agrees with one exact credit; see flow/creditAgreement.ts. */
export interface CreditScore {
  readonly credit: CreditName;
  readonly against: CreditTruth;
  /** Spearman's rho over the steps of a trajectory, mean; null where it is undefined everywhere */
  readonly spearman: number | null;
  /** how often the step of largest magnitude is the true one's, ties counted fractionally */
  readonly hitAtOne: number | null;
}

/** Exact measures of one policy on one split of one suite: mean over `tasks` tasks. */
export interface PolicyMeasures {
  /** probability that a trajectory is solved; of k trajectories, that one at least is */
  readonly success: number;
  readonly pass3: number;
  readonly pass5: number;
  readonly reward: number;
  /** sum over outcomes of |pi - p*|; Jensen-Shannon divergence in nats */
  readonly l1: number;
  readonly jsd: number;
  /** solved outcomes that hold at least half of their target share */
  readonly modes: number;
  readonly entropy: number;
  /** 1 - exp(entropy among solved outcomes) / their number; null where nothing is solved */
  readonly collapse: number | null;
}

/** Policies that need no learning, for the lines of a plot. */
export const REFERENCE_POLICIES = ['random', 'greedy', 'optimal'] as const;

/**
 * `random`: every legal action equally likely. `greedy`: the deterministic policy of largest expected reward, first
 * action first. `optimal`: the one whose outcomes follow the target.
 */
export interface ReferenceMeasures extends PolicyMeasures {
  readonly policy: (typeof REFERENCE_POLICIES)[number];
  readonly suite: string;
  readonly split: Split;
  readonly tasks: number;
  readonly modesOfTarget: number;
}

/** Exact measures of the present policy on one split of one suite: mean over `tasks` tasks. */
export interface Evaluation extends PolicyMeasures {
  readonly step: number;
  readonly suite: string;
  readonly split: Split;
  readonly tasks: number;
  readonly targetSuccess: number;
  /**
   * The best success that the present library allows, exactly: the share of the tasks in which a solved outcome can be
   * reached at all. Null in records from before there were libraries.
   */
  readonly attainable: number | null;
  /**
   * Share of the policy's walks that lead to what a live executor was not asked; they count as failed, so success is at
   * most this much larger. Absent where tasks are enumerated.
   */
  readonly unexplored?: number | undefined;
  /** Each skill's share of all steps under the present policy, exactly; absent where there are no skills, and in older records. */
  readonly skillShares?: readonly SkillShare[] | undefined;
  readonly logZError: number | null;
  /** least-squares slope of log pi on beta log R~; null if the reward is constant */
  readonly slope: number | null;
  readonly modesOfTarget: number;
  readonly entropyOfTarget: number;
  /** Spearman's rho of learned against exact log-flow credit; null where it is undefined */
  readonly creditSpearman: number | null;
  readonly credits: readonly CreditScore[];
  /** steps carried out by the executor in training so far */
  readonly executorCalls: number;
}

export interface RunRecord {
  readonly version: 1;
  readonly config: RunConfig;
  readonly device: DeviceInfo;
  /** The sentence encoder's contents and size; absent with the hashed one, which the config names whole. */
  readonly encoder?: { readonly id: string; readonly dimensions: number } | undefined;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly Evaluation[];
  /** Measures of the policies that need no learning, on the first `evaluation.tasks` tasks of each split. */
  readonly references: readonly ReferenceMeasures[];
  /** The skills at the end, with their plans, where they come from and what was measured of them last. */
  readonly library: readonly Skill[];
  /** What happened to the library, in order. */
  readonly events: readonly EvolutionEvent[];
  readonly timing: { readonly startedAt: string; readonly seconds: number; readonly stepsPerSecond: number };
  readonly stopped: 'finished' | 'cancelled' | { readonly error: string };
}

/** The answer key of a config's tasks, with no learning in it. */
export interface ExactRecord {
  readonly version: 1;
  readonly config: RunConfig;
  readonly tasks: readonly ExactTask[];
}

export interface ExactTask {
  readonly suite: string;
  readonly split: Split;
  readonly text: string;
  readonly states: number;
  readonly edges: number;
  readonly outcomes: number;
  readonly logZ: number;
  readonly targetSuccess: number;
  /** Success of the policy to which every legal action is equally likely, and whether any policy has some. */
  readonly randomSuccess: number;
  readonly attainable: boolean;
  /** Of live tasks: success of doing one act and answering from it, by the act. */
  readonly singleActs?: Readonly<Record<string, number>>;
  readonly isTree: boolean;
  /** the likeliest outcomes under the target, at most ten */
  readonly top: readonly { readonly outcome: string; readonly reward: number; readonly pTarget: number }[];
}
