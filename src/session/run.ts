/**
 * One run from its config to its record: takes steps, evaluates when it is time, keeps checkpoints,
 * and comes back from a lost device. Every public method is called while no other is under way.
 */
import type { Executor } from '../executor/executor.ts';
import type { TurnsReport, TurnTaker } from '../executor/gpuTurns.ts';
import { ModelFailure } from '../executor/modelFailure.ts';
import type { OpenHooks } from '../executor/openExecutor.ts';
import type { ExecutorSettings } from '../executor/settings.ts';
import type { Backend } from '../gpu/backend.ts';
import { nextMacrotask } from '../gpu/nextMacrotask.ts';
import type { LibraryChange } from '../skills/libraryChange.ts';
import type { Library } from '../skills/skill.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type Snapshot } from '../training/checkpoint.ts';
import type { RunConfig } from '../training/config.ts';
import { canonicalJson, configKey } from '../training/configKey.ts';
import type { OpenEncoder } from '../training/encoderOf.ts';
import type { Evaluation, RunRecord, StepMetrics } from '../training/records.ts';
import { type Devices, deviceInfo, openBackend } from './devices.ts';
import { Engine } from './engine.ts';
import { DeviceGone, FixedLibrary, isAbort, isDeviceLost, toFailure } from './failure.ts';
import { Pace } from './pace.ts';
import type { ExecutorOpened, Failure, Notice, Phase, RunOpened } from './protocol.ts';
import { type RunEncoder, runEncoder } from './runEncoder.ts';
import type { CheckpointStore } from './storage.ts';
import type { CreateTrainer, TrainerLike } from './trainerLike.ts';

/** The only clock there is; nothing that is computed depends on it. */
export interface Clock {
  /** in milliseconds */
  now(): number;
  /** ISO 8601 */
  date(): string;
  /** Resolves early once `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What a run is made of and whom it tells. */
export interface RunParts {
  readonly devices: Devices;
  readonly store: CheckpointStore;
  readonly createTrainer: CreateTrainer;
  /** Turns on a GPU that a training run and a language model share; absent where no model runs on it. */
  readonly gpu?: { readonly training: TurnTaker; report(): TurnsReport };
  /** Opens the executors of live suites. */
  readonly openExecutor: (settings: ExecutorSettings, hooks: OpenHooks) => Promise<Executor>;
  /** Absent where no sentence encoder can be opened. */
  readonly openEncoder?: OpenEncoder | undefined;
  readonly clock: Clock;
  readonly notify: (notice: Notice) => void;
  readonly tellPhase: (phase: Phase, detail: string, progress: number | null) => void;
  /** Called when the device fails, also while nothing is under way. */
  readonly onFailure: () => void;
}

const CHECKPOINT_MILLISECONDS = 20_000;
const YIELD_MILLISECONDS = 30;
/** Between two messages about an executor's calls, at least. */
const CALLS_MILLISECONDS = 100;
/** Waits before each try for a new device. */
const RETRY_MILLISECONDS = [0, 250, 500, 1000, 2000, 4000];
/** A device lost so often without a checkpoint in between is not asked for again. */
const MOST_LOSSES = 3;

type Timing = Checkpoint['timing'];

export class Run {
  readonly config: RunConfig;
  readonly key: string;
  /** What ended the run before its time. */
  stopped: Failure | null = null;
  readonly #parts: RunParts;
  readonly #encoder: RunEncoder;
  readonly #initial: Snapshot;
  readonly #pace = new Pace();
  #engine: Engine;
  #steps: StepMetrics[] = [];
  #evaluations: Evaluation[] = [];
  #timing: Timing;
  /** Where a lost device takes the run back to. */
  #saved: Checkpoint;
  #savedAt: number;
  #losses = 0;
  #storedStep = 0;
  #storageFailed = false;
  #evaluatedAt = -1;
  #toldLibrary: Library;
  #toldCalls = 0;
  #toldCallsAt = Number.NEGATIVE_INFINITY;
  /** What a trainer's own progress is told as. */
  #busy: Phase = 'running';
  /** Carries out the acts of live suites. */
  readonly executor: Executor | null;

  private constructor(
    config: RunConfig,
    engine: Engine,
    encoder: RunEncoder,
    initial: Snapshot,
    parts: RunParts,
    executor: Executor | null,
  ) {
    this.executor = executor;
    this.config = config;
    this.key = configKey(config);
    this.#engine = engine;
    this.#encoder = encoder;
    this.#initial = initial;
    this.#toldLibrary = engine.trainer.library;
    this.#parts = parts;
    this.#timing = { startedAt: parts.clock.date(), seconds: 0, trainingSeconds: 0 };
    this.#saved = this.#checkpointOf(initial, 0);
    this.#savedAt = parts.clock.now();
  }

  /**
   * Compiles a run at step 0, or at its stored checkpoint where `resume` is set and one can be read.
   * @throws NoWebGPU, Cancelled, and what compiling throws
   */
  static async open(config: RunConfig, resume: boolean, parts: RunParts, signal: AbortSignal): Promise<Run> {
    let opened: Run | null = null;
    const onProgress = (text: string, fraction: number | null): void => {
      if (opened === null) parts.tellPhase('compiling', text, fraction);
      else opened.#tellProgress(text, fraction);
    };
    const executor = config.executor ? await parts.openExecutor(config.executor, { onProgress, signal }) : null;
    const { backend, fallback } = await openBackend(config.device, parts.devices);
    const encoder = runEncoder(parts.openEncoder);
    const engine = await Engine.build(config, backend, parts.createTrainer, {
      onProgress,
      signal,
      openEncoder: encoder.open,
      onFailure: parts.onFailure,
      ...liveHooks(config, executor, parts, backend),
    }).catch((error: unknown) => {
      encoder.release();
      throw error;
    });
    try {
      const initial = await engine.call((trainer) => trainer.save());
      const run = new Run(config, engine, encoder, initial, parts, executor);
      if (resume) await run.#resume();
      if (fallback !== null) run.#tell('info', `This run computes on the CPU. ${fallback}`);
      opened = run;
      return run;
    } catch (error) {
      engine.dispose();
      encoder.release();
      throw error;
    }
  }

  get step(): number {
    return this.#engine.trainer.step;
  }

  get finished(): boolean {
    return this.stopped === null && this.step >= this.config.steps && !this.due;
  }

  /** Whether the library is being worked on in the place of training. */
  get evolving(): boolean {
    return this.#engine.trainer.evolving;
  }

  /** Whether this step wants an evaluation that it has not had. */
  get due(): boolean {
    const { steps, evaluation } = this.config;
    const wanted = this.step % evaluation.every === 0 || this.step >= steps;
    return wanted && this.#evaluatedAt !== this.step;
  }

  /** Whether there is more to lose than the last checkpoint holds. */
  get unsaved(): boolean {
    if (this.stopped !== null) return false;
    return this.#saved.step !== this.step || this.#saved.evaluations.length !== this.#evaluations.length;
  }

  /** What the device failed with, until the run recovers from it or stops. */
  get failure(): Error | null {
    return this.stopped === null ? this.#engine.failure : null;
  }

  /** What is known when it is opened. Calls that come later are told as they come. */
  opened(): RunOpened {
    const { trainer, backend } = this.#engine;
    this.#toldCalls = this.executor?.used.length ?? 0;
    const { kept, reason } = this.#parts.store;
    return {
      config: this.config,
      device: deviceInfo(backend),
      parameters: trainer.parameters,
      // A trainer's tasks may carry more than can be sent.
      tasks: trainer.tasks.map(({ suite, split, index, text, answers }) => ({ suite, split, index, text, answers })),
      step: this.step,
      steps: [...this.#steps],
      evaluations: [...this.#evaluations],
      references: trainer.references,
      library: trainer.library,
      events: trainer.events,
      executor: this.executor && openedExecutor(this.executor),
      storage: { kept, reason },
    };
  }

  /** Whether the language model runs on the GPU that the run trains on. */
  get #sharesGpu(): boolean {
    return sharesGpu(this.config, this.#engine.backend);
  }

  /** What the trainer says of its own work, as part of what the run is doing. */
  #tellProgress(text: string, fraction: number | null): void {
    this.#parts.tellPhase(this.evolving ? 'evolving' : this.#busy, text, fraction);
    if (this.#parts.clock.now() - this.#toldCallsAt > CALLS_MILLISECONDS) this.#tellCalls();
  }

  /** Tells what the executor was asked since it was told last, and how it shares the GPU. */
  #tellCalls(): void {
    const used = this.executor?.used ?? [];
    this.#toldCallsAt = this.#parts.clock.now();
    const turns = this.#sharesGpu ? (this.#parts.gpu?.report() ?? null) : null;
    if (used.length === this.#toldCalls && turns === null) return;
    this.#parts.notify({ type: 'calls', calls: used.slice(this.#toldCalls), turns });
    this.#toldCalls = used.length;
  }

  record(): RunRecord {
    const { startedAt, seconds, trainingSeconds } = this.#timing;
    const stepsPerSecond = trainingSeconds > 0 ? this.#steps.length / trainingSeconds : 0;
    const { encoder } = this.#engine.trainer;
    const error = this.stopped && { error: `${this.stopped.name}: ${this.stopped.message}` };
    return {
      version: 1,
      config: this.config,
      device: deviceInfo(this.#engine.backend),
      // The config names the hashed encoder whole; what lies at an address may be another file tomorrow.
      ...(this.config.encoder.kind === 'onnx' && encoder
        ? { encoder: { id: encoder.id, dimensions: encoder.dimensions } }
        : {}),
      steps: [...this.#steps],
      evaluations: [...this.#evaluations],
      references: this.#engine.trainer.references,
      library: this.#engine.trainer.library.skills,
      events: this.#engine.trainer.events,
      timing: { startedAt, seconds, stepsPerSecond },
      stopped: error ?? (this.finished ? 'finished' : 'cancelled'),
    };
  }

  /** Lets the trainer answer a question. */
  ask<T>(question: (trainer: TrainerLike) => Promise<T>): Promise<T> {
    return this.#engine.call(question);
  }

  /**
   * One evaluation if it is time for one, else some steps, not beyond `until`. Ends early once
   * `signal` is aborted: after the step in progress, or without the evaluation.
   * @throws what the trainer throws
   */
  async advance(until: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const start = clock.now();
    try {
      if (this.due) await this.#evaluate(signal);
      else await this.#train(until, signal);
    } finally {
      const seconds = this.#timing.seconds + (clock.now() - start) / 1000;
      this.#timing = { ...this.#timing, seconds };
    }
    if (this.unsaved && clock.now() - this.#savedAt > CHECKPOINT_MILLISECONDS) await this.save();
    await nextMacrotask();
  }

  async #train(until: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const { every } = this.config.evaluation;
    const start = clock.now();
    let yielded = start;
    const next = Math.min(until, this.config.steps, (Math.floor(this.step / every) + 1) * every);
    let left = Math.min(this.#pace.untilDrain, next - this.step);
    let silent: ModelFailure | null = null;
    while (left > 0 && !signal.aborted && silent === null) {
      const slice = Math.min(this.#pace.slice, left);
      try {
        await this.#engine.call((trainer) => trainer.train(slice, { signal }), signal);
      } catch (error) {
        // A step that waited for a live executor was not taken.
        if (error instanceof ModelFailure) silent = error;
        else if (!(signal.aborted && isAbort(error))) throw error;
      }
      left -= slice;
      if (clock.now() - yielded > YIELD_MILLISECONDS) {
        await nextMacrotask();
        yielded = clock.now();
      }
    }
    const drained = await this.#engine.call((trainer) => trainer.drain());
    const seconds = (clock.now() - start) / 1000;
    this.#timing = { ...this.#timing, trainingSeconds: this.#timing.trainingSeconds + seconds };
    this.#pace.measure(drained.length, seconds);
    this.#tellLibrary();
    this.#tellCalls();
    if (drained.length > 0) {
      this.#steps.push(...drained);
      this.#parts.notify({ type: 'metrics', steps: drained, stepsPerSecond: this.#pace.stepsPerSecond });
    }
    // The steps before it were taken, and are part of the checkpoint that the run rests with.
    if (silent !== null) throw silent;
  }

  /** Tells what became of the library where anything did. */
  #tellLibrary(): void {
    const { library, events } = this.#engine.trainer;
    if (library === this.#toldLibrary) return;
    this.#toldLibrary = library;
    this.#parts.notify({ type: 'library', library, events });
  }

  /** A change of the library by hand. @throws FixedLibrary, and what the change is refused with */
  async change(change: LibraryChange): Promise<void> {
    await this.#engine.call((trainer) => {
      if (!trainer.change) throw new FixedLibrary();
      return trainer.change(change);
    });
    this.#tellLibrary();
    await this.save();
  }

  async #evaluate(signal: AbortSignal): Promise<void> {
    const all = this.step >= this.config.steps;
    const detail = all ? 'Evaluating every task' : `Evaluating at step ${this.step}`;
    const onProgress = (done: number, of: number): void => {
      if (!signal.aborted) this.#parts.tellPhase('evaluating', detail, of === 0 ? null : done / of);
    };
    onProgress(0, 0);
    try {
      this.#busy = 'evaluating';
      const found = await this.#engine.call((trainer) => trainer.evaluate({ all, signal, onProgress }), signal);
      this.#evaluations.push(...found);
      this.#evaluatedAt = this.step;
      this.#parts.notify({ type: 'evaluation', evaluations: found });
    } catch (error) {
      if (signal.aborted && isAbort(error)) return;
      throw error;
    } finally {
      this.#busy = 'running';
      this.#tellCalls();
    }
    await this.save();
  }

  /** The present state as a checkpoint. */
  async checkpoint(): Promise<Checkpoint> {
    const step = this.step;
    return this.#checkpointOf(await this.#engine.call((trainer) => trainer.save()), step);
  }

  /** Keeps a checkpoint, in memory and, where there is storage, in it. Full storage is told and trained on through. */
  async save(): Promise<void> {
    const { store, clock, notify } = this.#parts;
    this.#saved = await this.checkpoint();
    this.#savedAt = clock.now();
    this.#losses = 0;
    if (!store.kept) return;
    try {
      await store.write(this.key, encodeCheckpoint(this.#saved));
      this.#storageFailed = false;
      this.#storedStep = this.#saved.step;
      notify({ type: 'checkpoint', step: this.#saved.step });
    } catch (error) {
      if (this.#storageFailed) return;
      this.#storageFailed = true;
      const { message, hint } = toFailure(error);
      this.#tell(
        'warning',
        `${message} Training goes on; what is new since step ${this.#storedStep} would be lost on closing. ${hint}`,
      );
    }
  }

  /** Back to step 0, also after an error; the checkpoint goes. @throws and leaves the run as it was */
  async reset(signal: AbortSignal): Promise<void> {
    const { store, clock, devices, notify } = this.#parts;
    const start = { ...this.#checkpointOf(this.#initial, 0), steps: [], evaluations: [] };
    if (this.#engine.failure === null) await this.#goBack(start);
    else {
      await this.#replaceEngine((await openBackend(this.config.device, devices)).backend, start, signal);
      notify({ type: 'device', device: deviceInfo(this.#engine.backend) });
    }
    this.stopped = null;
    this.#losses = 0;
    this.#storedStep = 0;
    this.#timing = { startedAt: clock.date(), seconds: 0, trainingSeconds: 0 };
    await store.delete(this.key);
  }

  /** After a device was lost: a new one, and the last checkpoint. @throws DeviceGone, and what compiling throws */
  async recover(signal: AbortSignal): Promise<void> {
    const { tellPhase, notify, devices } = this.#parts;
    this.#losses += 1;
    this.#engine.dispose();
    tellPhase('recovering', 'Asking for a new device', null);
    this.#tell('warning', `The GPU device was lost; asking for a new one, to go on from step ${this.#saved.step}.`);

    let reason = 'It was lost again and again.';
    if (this.#losses <= MOST_LOSSES) {
      for (const wait of RETRY_MILLISECONDS) {
        await this.#parts.clock.sleep(wait, signal);
        signal.throwIfAborted();
        const opened = await devices.webgpu();
        if (!opened.ok) {
          reason = opened.reason;
          continue;
        }
        try {
          await this.#replaceEngine(opened.backend, this.#saved, signal);
          this.#tell('info', `The GPU device is back; the run goes on from step ${this.step}.`);
          return;
        } catch (error) {
          if (!isDeviceLost(error)) throw error;
          reason = error instanceof Error ? error.message : String(error);
        }
      }
    }
    if (this.config.device !== 'auto') throw new DeviceGone(reason);
    await this.#replaceEngine(devices.cpu(), this.#saved, signal);
    this.#tell(
      'warning',
      `The GPU device did not come back; the run goes on on the CPU from step ${this.step}, slower. ${reason}`,
    );
    notify({ type: 'device', device: deviceInfo(this.#engine.backend) });
  }

  dispose(): void {
    this.#engine.dispose();
    this.#encoder.release();
  }

  async #replaceEngine(backend: Backend, checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
    const { createTrainer, tellPhase, onFailure } = this.#parts;
    const onProgress = (text: string, fraction: number | null): void => {
      if (replaced) this.#tellProgress(text, fraction);
      else tellPhase('recovering', text, fraction);
    };
    let replaced = false;
    const engine = await Engine.build(this.config, backend, createTrainer, {
      onProgress,
      signal,
      openEncoder: this.#encoder.open,
      onFailure,
      ...liveHooks(this.config, this.executor, this.#parts, backend),
    });
    this.#engine.dispose();
    this.#engine = engine;
    await this.#goBack(checkpoint);
    replaced = true;
  }

  /** Takes the trainer and the history back to `checkpoint`. @throws BadCheckpoint and leaves both as they were */
  async #goBack(checkpoint: Checkpoint): Promise<void> {
    await this.#engine.call(async (trainer) => trainer.restore(checkpoint.snapshot));
    this.#tellLibrary();
    this.#saved = checkpoint;
    this.#steps = [...checkpoint.steps];
    this.#evaluations = [...checkpoint.evaluations];
    this.#evaluatedAt = checkpoint.evaluations.at(-1)?.step ?? -1;
  }

  async #resume(): Promise<void> {
    try {
      const bytes = await this.#parts.store.read(this.key);
      const stored = bytes && decodeCheckpoint(bytes);
      if (stored === null || canonicalJson(stored.config) !== canonicalJson(this.config)) return;
      await this.#goBack(stored);
      this.#storedStep = stored.step;
      this.#timing = stored.timing;
    } catch (error) {
      if (this.#engine.failure !== null) throw error;
      this.#tell(
        'warning',
        `The stored checkpoint cannot be used, so the run stands at step 0. ${toFailure(error).message}`,
      );
    }
  }

  #checkpointOf(snapshot: Snapshot, step: number): Checkpoint {
    const { config } = this;
    return {
      config,
      step,
      snapshot,
      steps: [...this.#steps],
      evaluations: [...this.#evaluations],
      timing: this.#timing,
    };
  }

  #tell(level: 'info' | 'warning', text: string): void {
    this.#parts.notify({ type: 'news', level, text: text.trim() });
  }
}

function openedExecutor({ model, store: { kept, reason }, used }: Executor): ExecutorOpened {
  return { model: model.id, concurrency: model.concurrency, results: { kept, reason }, calls: [...used] };
}

function sharesGpu({ executor }: RunConfig, { kind }: Backend): boolean {
  return executor?.kind === 'webllm' && kind === 'webgpu';
}

/** What a trainer over a language model is given beside the rest. */
function liveHooks(
  config: RunConfig,
  executor: Executor | null,
  { gpu }: RunParts,
  backend: Backend,
): { readonly executor?: Executor; readonly turns?: TurnTaker } {
  if (executor === null) return {};
  const turns = sharesGpu(config, backend) ? gpu?.training : undefined;
  return { executor, ...(turns ? { turns } : {}) };
}
