/**
 * The typed messages between the page and the worker that owns a Trainer. Two discriminated
 * unions; every request carries an id and is answered exactly once by `done` or `failed`.
 */
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Split } from '../graph/world.ts';
import type { ConfigInput, RunConfig } from '../training/config.ts';
import type { DeviceInfo, Evaluation, ExactRecord, RunRecord, StepMetrics } from '../training/records.ts';

/** What the page asks of the worker. */
export type Request =
  /** Compiles a config into a run at step 0, or at its last checkpoint where `resume` is set. */
  | { readonly type: 'open'; readonly config: ConfigInput; readonly resume: boolean }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step'; readonly count: number }
  /** Back to step 0 of the present config; the checkpoint goes. */
  | { readonly type: 'reset' }
  | { readonly type: 'inspect'; readonly split: Split; readonly task: number }
  /** Samples trajectories of a task from the present policy and returns their credits. */
  | { readonly type: 'credit'; readonly split: Split; readonly task: number; readonly count: number }
  | { readonly type: 'exact'; readonly config: ConfigInput }
  | { readonly type: 'record' }
  /** The stored checkpoint as a safetensors file. */
  | { readonly type: 'export' }
  | { readonly type: 'close' };

export type RequestMessage = Request & { readonly id: number };

/** What each request is answered with. */
export interface Answers {
  open: RunOpened;
  play: null;
  pause: null;
  step: null;
  reset: null;
  inspect: TaskView;
  credit: CreditView;
  exact: ExactRecord;
  record: RunRecord;
  export: Uint8Array;
  close: null;
}

export interface RunOpened {
  readonly config: RunConfig;
  readonly device: DeviceInfo;
  readonly parameters: number;
  readonly tasks: readonly {
    readonly suite: string;
    readonly split: Split;
    readonly index: number;
    readonly text: string;
  }[];
  /** Steps already done (above 0 when a checkpoint was resumed), and what they left. */
  readonly step: number;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly Evaluation[];
  /** Whether checkpoints are kept, and if not, why not, in words. */
  readonly storage: { readonly kept: boolean; readonly reason: string };
}

export type Phase = 'closed' | 'compiling' | 'ready' | 'running' | 'evaluating' | 'recovering' | 'finished' | 'stopped';

/**
 * What the worker tells unasked. `metrics` or `evaluation` of steps that were told before (a lost
 * device took the run back to its last checkpoint) replace those from there on.
 */
export type Notice =
  | { readonly type: 'phase'; readonly phase: Phase; readonly detail: string; readonly progress: number | null }
  | { readonly type: 'metrics'; readonly steps: readonly StepMetrics[]; readonly stepsPerSecond: number }
  | { readonly type: 'evaluation'; readonly evaluations: readonly Evaluation[] }
  | { readonly type: 'checkpoint'; readonly step: number }
  /** The run goes on, on another device than before; see `news` for why. */
  | { readonly type: 'device'; readonly device: DeviceInfo }
  /** Something a person should read: a device that was lost and came back, storage that is full. */
  | { readonly type: 'news'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly type: 'error'; readonly error: Failure };

/** An error as it crosses the border: what happened, where, and what to do. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

export type WorkerMessage =
  | { readonly type: 'done'; readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly type: 'failed'; readonly id: number; readonly error: Failure }
  | Notice;

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
  /** `[edges]` centred credit of an edge (METHOD 5): zero is what the policy does here on average. */
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
}

export interface CreditedTrajectory {
  readonly outcome: string;
  readonly reward: number;
  readonly solved: boolean;
  /** `beta log R~(x) - log Z(q)` with the learned and with the exact log Z: what the credits add up to. */
  readonly total: number;
  readonly exactTotal: number;
  /** `Delta(tau) / T`: what each step's credit was corrected by */
  readonly residualPerStep: number;
  /** What GRPO would give every step: (R - mean) / std over this view's trajectories; null if std is 0. */
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
