/**
 * What a panel draws: a task with its learned and exact flows, and trajectories with the credit of
 * each step. Computed beside the Trainer, in float64; a view holds all that its picture needs.
 */
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Split } from '../graph/world.ts';
import type { FollowedWalk } from '../skills/followWalk.ts';

/** A task with what the policy does in it and what the answer key says, per edge and per node. */
export interface TaskView {
  readonly suite: string;
  readonly split: Split;
  readonly index: number;
  readonly step: number;
  readonly graph: TaskGraph;
  readonly beta: number;
  readonly eps: number;
  readonly learned: Flows;
  readonly exact: Flows;
  /** `[edges]` `E[R | s, a] - E[R | s]` under the learned policy, exactly */
  readonly advantage: Float64Array;
  /**
   * `[edges]` where the model is wrong: the residual of detailed balance with the flow head's log F, or, where no flow
   * head is trained, with the exact flows of the same backward policy, which is `log P_F - log P_F*`.
   */
  readonly residual: Float64Array;
  readonly residualOf: 'flow head' | 'answer key';
}

/** One consistent set of flows: a policy, its backward policy and what follows from both. */
export interface Flows {
  readonly logZ: number;
  /** `[edges]` */
  readonly logPF: Float64Array;
  readonly logPB: Float64Array;
  /** `[nodes]` log of the probability of passing through a node, and `[edges]` through an edge. */
  readonly logReach: Float64Array;
  readonly logReachEdge: Float64Array;
  /** `[edges]` centred credit of an edge (docs/method.md, Credit): zero is what the policy does here on average. */
  readonly centredCredit: Float64Array;
  /** exact measures of this policy */
  readonly success: number;
  readonly entropy: number;
}

/** Trajectories of one task with the credit of each step. */
export interface CreditView {
  readonly suite: string;
  readonly split: Split;
  readonly index: number;
  readonly step: number;
  readonly text: string;
  readonly trajectories: readonly CreditedTrajectory[];
  /** The walk that was asked for beside them; absent where none was. */
  readonly walk?: WalkView | undefined;
}

/** A walk that was asked for by the texts of its actions, as the task's graph has it. */
export interface WalkView {
  readonly actions: readonly string[];
  readonly found: FollowedWalk;
  /** Null where it cannot be taken. What GRPO would give it is what it would if it were one more of the view's trajectories. */
  readonly credited: CreditedTrajectory | null;
}

export interface CreditedTrajectory {
  readonly outcome: string;
  readonly reward: number;
  readonly solved: boolean;
  /** It ends in what a live executor was not asked: its reward is not known and stands as 0. Absent elsewhere. */
  readonly unexplored?: boolean | undefined;
  /** `beta log R~(x) - log Z(q)` with the learned and with the exact log Z: what the credits add up to. */
  readonly total: number;
  readonly exactTotal: number;
  /** `Delta(tau) / T`: what each step's credit was corrected by */
  readonly residualPerStep: number;
  /**
   * What GRPO would give every step: (R - mean) / std over this view's trajectories whose reward is known; null if std is
   * 0, or if that of this one is not known.
   */
  readonly groupAdvantage: number | null;
  readonly steps: readonly CreditedStep[];
}

export interface CreditedStep {
  readonly edge: number;
  readonly action: string;
  readonly kind: 'act' | 'skill' | 'accept';
  /** The state the step starts in, in words. */
  readonly state: string;
  readonly credit: number;
  readonly centred: number;
  readonly exactCredit: number;
  readonly exactCentred: number;
  /** `E[R | s, a] - E[R | s]` under the learned policy */
  readonly advantage: number;
  readonly logPF: number;
  readonly logPB: number;
}
