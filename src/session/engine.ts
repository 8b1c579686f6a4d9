/** A trainer on its backend, watched: no call outlives the device that it waits for. */
import type { Executor } from '../executor/executor.ts';
import type { TurnTaker } from '../executor/gpuTurns.ts';
import type { Backend } from '../gpu/backend.ts';
import type { RunConfig } from '../training/config.ts';
import type { OpenEncoder } from '../training/encoderOf.ts';
import { Cancelled } from './failure.ts';
import type { CreateTrainer, TrainerLike } from './trainerLike.ts';

/** A call may fail a moment before the loss that made it fail is told. */
const GRACE_MILLISECONDS = 250;

export interface EngineHooks {
  readonly onProgress: (text: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
  /** Carries out the acts of live suites. */
  readonly executor?: Executor;
  readonly turns?: TurnTaker;
  readonly openEncoder?: OpenEncoder | undefined;
  /** Called once, when the device fails. */
  readonly onFailure: () => void;
}

export class Engine {
  readonly backend: Backend;
  readonly trainer: TrainerLike;
  /** What the device failed with. */
  failure: Error | null = null;
  readonly #failed: Promise<void>;
  #rejectCall: (error: Error) => void = () => {};
  #disposed = false;

  private constructor(backend: Backend, trainer: TrainerLike, onFailure: () => void) {
    this.backend = backend;
    this.trainer = trainer;
    this.#failed = trainer.failed.catch((error: unknown) => {
      if (this.#disposed) return;
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#rejectCall(this.failure);
      onFailure();
    });
  }

  /**
   * Compiles a trainer. The backend becomes the engine's; where compiling fails it is destroyed.
   * @throws Cancelled once `signal` is aborted, and whatever compiling or the device throws
   */
  static async build(
    config: RunConfig,
    backend: Backend,
    createTrainer: CreateTrainer,
    hooks: EngineHooks,
  ): Promise<Engine> {
    const { signal } = hooks;
    const givenUp = new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(new Cancelled('the run was given up while it was being made'));
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
    givenUp.catch(() => {});
    try {
      const trainer = await Promise.race([createTrainer(config, backend, hooks), backend.failed, givenUp]);
      return new Engine(backend, trainer, hooks.onFailure);
    } catch (error) {
      backend.destroy();
      throw signal.aborted ? await givenUp : error;
    }
  }

  /**
   * Calls the trainer, one call at a time.
   * @param signal may end the call with an error that says nothing about the device
   * @throws what the call throws, or what the device failed with
   */
  async call<T>(work: (trainer: TrainerLike) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.failure !== null) throw this.failure;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#rejectCall = reject;
        work(this.trainer).then(resolve, reject);
      });
    } catch (error) {
      if (this.backend.kind === 'webgpu' && !signal?.aborted) await this.#grace();
      throw this.failure ?? error;
    } finally {
      this.#rejectCall = () => {};
    }
  }

  #grace(): Promise<void> {
    if (this.failure !== null) return Promise.resolve();
    return Promise.race([this.#failed, new Promise<void>((resolve) => setTimeout(resolve, GRACE_MILLISECONDS))]);
  }

  /** Frees the device. Nothing that a dead device says about it is of interest. */
  dispose(): void {
    this.#disposed = true;
    for (const part of [this.trainer, this.backend]) {
      try {
        part.destroy();
      } catch {
        // The device is gone already.
      }
    }
  }
}
