/**
 * The typed messages between the page and the worker that owns a Trainer. Two discriminated
 * unions; every request carries an id and is answered exactly once by `done` or `failed`.
 */
import type { EvolutionEvent } from '../evolution/events.ts';
import type { UsedResult } from '../executor/executor.ts';
import type { TurnsReport } from '../executor/gpuTurns.ts';
import type { Completion, Message } from '../executor/languageModel.ts';
import type { Split } from '../graph/world.ts';
import type { LibraryChange } from '../skills/libraryChange.ts';
import type { Library } from '../skills/skill.ts';
import type { ConfigInput, RunConfig } from '../training/config.ts';
import type { RunExport } from '../training/exportRun.ts';
import type {
  DeviceInfo,
  Evaluation,
  ExactRecord,
  ReferenceMeasures,
  RunRecord,
  StepMetrics,
} from '../training/records.ts';
import type { CreditView, TaskView } from '../training/views.ts';

export type { CreditedStep, CreditedTrajectory, CreditView, Flows, TaskView, WalkView } from '../training/views.ts';

/** What the page asks of the worker. */
export type Request =
  /** Compiles a config into a run at step 0, or at its last checkpoint where `resume` is set. */
  | { readonly type: 'open'; readonly config: ConfigInput; readonly resume: boolean }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** Gives up an `open` that has not been answered yet; the run that was open before stays as it was. */
  | { readonly type: 'cancel' }
  /** From now on at most so many steps a second are taken by `play`, in this run and later ones; null is full speed. */
  | { readonly type: 'speed'; readonly stepsPerSecond: number | null }
  | { readonly type: 'step'; readonly count: number }
  /** Back to step 0 of the present config; the checkpoint goes. */
  | { readonly type: 'reset' }
  /** `task` of `inspect` and `credit` is a position within the split, counted from 0 over all suites in their order. */
  | { readonly type: 'inspect'; readonly split: Split; readonly task: number }
  /**
   * Samples trajectories of a task from the present policy and returns their credits; with `walk`, the texts of the
   * actions of a walk, also those of that walk.
   */
  | {
      readonly type: 'credit';
      readonly split: Split;
      readonly task: number;
      readonly count: number;
      readonly walk?: readonly string[] | undefined;
    }
  /** A change of the library by hand, between two steps. */
  | { readonly type: 'library'; readonly change: LibraryChange }
  /** The key for an address, kept in the worker's memory alone; null forgets it. */
  | { readonly type: 'key'; readonly baseURL: string; readonly key: string | null }
  /** Asks the run's language model something, with the run's seed and beside the run: the answer is kept nowhere. */
  | { readonly type: 'ask'; readonly messages: readonly Message[]; readonly maxTokens: number }
  /** Gives up what was asked by `ask` and not answered yet. */
  | { readonly type: 'stopAsking' }
  /** Forgets what the run's model answered in this and other runs; what this run knows it keeps until it is opened again. */
  | { readonly type: 'forget' }
  | { readonly type: 'exact'; readonly config: ConfigInput }
  | { readonly type: 'record' }
  /** The stored checkpoint as a safetensors file. */
  | { readonly type: 'export' }
  /** The Supervisor as models of ONNX, run and compared first: takes seconds, in which no step is taken. */
  | { readonly type: 'onnx' }
  /** Ends what is under way, keeps a checkpoint of it and gives up the run. */
  | { readonly type: 'close' };

export type RequestMessage = Request & { readonly id: number };

/** What each request is answered with. */
export interface Answers {
  open: RunOpened;
  play: null;
  pause: null;
  cancel: null;
  speed: null;
  step: null;
  reset: null;
  inspect: TaskView;
  credit: CreditView;
  library: null;
  key: null;
  ask: Completion;
  stopAsking: null;
  forget: null;
  exact: ExactRecord;
  record: RunRecord;
  export: Uint8Array;
  onnx: RunExport;
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
    /** For a person; absent where the text says what is right. */
    readonly answers?: readonly string[] | undefined;
  }[];
  /** Steps already done (above 0 when a checkpoint was resumed), and what they left. */
  readonly step: number;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly Evaluation[];
  /** Measures of the policies that need no learning. */
  readonly references: readonly ReferenceMeasures[];
  /** The skills, and what happened to them so far. */
  readonly library: Library;
  readonly events: readonly EvolutionEvent[];
  /** The language model of live suites, and what it was asked so far; null where tasks are enumerated. */
  readonly executor: ExecutorOpened | null;
  /** Whether checkpoints are kept, and if not, why not, in words. */
  readonly storage: { readonly kept: boolean; readonly reason: string };
}

export interface ExecutorOpened {
  readonly model: string;
  readonly concurrency: number;
  /** Whether results outlive the page, and where; or why not. */
  readonly results: { readonly kept: boolean; readonly reason: string };
  readonly calls: readonly UsedResult[];
}

export type Phase =
  | 'closed'
  | 'compiling'
  | 'ready'
  | 'running'
  | 'evaluating'
  | 'evolving'
  | 'recovering'
  | 'finished'
  | 'stopped';

/**
 * What the worker tells unasked. `metrics` or `evaluation` of steps that were told before (a lost
 * device took the run back to its last checkpoint) replace those from there on.
 */
export type Notice =
  | { readonly type: 'phase'; readonly phase: Phase; readonly detail: string; readonly progress: number | null }
  | { readonly type: 'metrics'; readonly steps: readonly StepMetrics[]; readonly stepsPerSecond: number }
  | { readonly type: 'evaluation'; readonly evaluations: readonly Evaluation[] }
  /** The library is another, or what is known of its skills; with everything that happened so far. */
  | { readonly type: 'library'; readonly library: Library; readonly events: readonly EvolutionEvent[] }
  /** Results that were asked for or used for the first time, in order. */
  | {
      readonly type: 'calls';
      readonly calls: readonly UsedResult[];
      /** How the GPU is shared where the model runs on the one that the run trains on, else null. */
      readonly turns: TurnsReport | null;
    }
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
