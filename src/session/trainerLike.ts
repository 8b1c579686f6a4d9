/** What the session needs of a Trainer, so that tests can pass a fake. */

import type { EvolutionEvent } from '../evolution/events.ts';
import type { Executor } from '../executor/executor.ts';
import type { TurnTaker } from '../executor/gpuTurns.ts';
import type { Backend } from '../gpu/backend.ts';
import type { Split } from '../graph/world.ts';
import type { LibraryChange } from '../skills/libraryChange.ts';
import type { Library } from '../skills/skill.ts';
import type { Snapshot } from '../training/checkpoint.ts';
import type { RunConfig } from '../training/config.ts';
import type { OpenEncoder } from '../training/encoderOf.ts';
import type { Evaluation, ReferenceMeasures, StepMetrics } from '../training/records.ts';
import type { CreditView, RunOpened, TaskView } from './protocol.ts';

export interface TrainerLike {
  readonly tasks: RunOpened['tasks'];
  /** measures of the policies that need no learning */
  readonly references: readonly ReferenceMeasures[];
  /** What turned the texts into vectors. */
  readonly encoder?: { readonly id: string; readonly dimensions: number };
  /** how many numbers are learned */
  readonly parameters: number;
  /** The skills as they are, and what happened to them. */
  readonly library: Library;
  readonly events: readonly EvolutionEvent[];
  /** Whether a phase of evolution is in progress. */
  readonly evolving: boolean;
  /** A change of the library by hand; absent where the run's library stays as it is. */
  readonly change?: (change: LibraryChange) => Promise<void>;
  /** Steps done. */
  readonly step: number;
  /** Rejects with the first error of the device, or its loss; never resolves. */
  readonly failed: Promise<never>;
  /**
   * Takes so many steps, or does as much of a phase of evolution in their place. Resolves once they are submitted (GPU) or computed
   * (CPU, yielding to messages).
   */
  train(steps: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Waits for the steps so far; their metrics since the last drain. */
  drain(): Promise<readonly StepMetrics[]>;
  /** @param options.all every task of a split instead of the config's sample of them */
  evaluate(options: {
    readonly all: boolean;
    readonly signal: AbortSignal;
    readonly onProgress: (done: number, of: number) => void;
  }): Promise<readonly Evaluation[]>;
  inspect(split: Split, task: number): Promise<TaskView>;
  credit(split: Split, task: number, count: number, walk?: readonly string[]): Promise<CreditView>;
  save(): Promise<Snapshot>;
  /** @throws BadCheckpoint, and leaves the trainer as it was */
  restore(snapshot: Snapshot): void | Promise<void>;
  destroy(): void;
}

export type CreateTrainer = (
  config: RunConfig,
  backend: Backend,
  hooks: {
    readonly onProgress: (text: string, fraction: number | null) => void;
    readonly signal: AbortSignal;
    readonly executor?: Executor;
    readonly turns?: TurnTaker;
    readonly openEncoder?: OpenEncoder | undefined;
  },
) => Promise<TrainerLike>;
