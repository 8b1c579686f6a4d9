/**
 * The session without a worker around it: a mailbox in front of one run.
 *
 * Requests are carried out one at a time, in order, between slices of training. Some do not wait:
 * `pause` is answered at once (no further step begins, an evaluation is given up), `cancel` gives up
 * an `open` that is still compiling, a later `open` takes its place, `stopAsking` gives up questions
 * beside the run, `speed` holds from now on, and `close` ends whatever is under way.
 */

import type { Executor } from '../executor/executor.ts';
import type { Completion, Message } from '../executor/languageModel.ts';
import { ModelFailure } from '../executor/modelFailure.ts';
import { type Checkpoint, encodeCheckpoint } from '../training/checkpoint.ts';
import type { ConfigInput, RunConfig } from '../training/config.ts';
import type { RunExport } from '../training/exportRun.ts';
import type { ExactRecord } from '../training/records.ts';
import { Cancelled, isDeviceLost, NoExecutor, NoRun, RunFinished, RunStopped, toFailure } from './failure.ts';
import type { Answers, Phase, Request, RequestMessage, WorkerMessage } from './protocol.ts';
import { Run, type RunParts } from './run.ts';

export interface HostParts extends Omit<RunParts, 'notify' | 'tellPhase' | 'onFailure'> {
  /** @throws BadConfig */
  readonly resolveConfig: (input: unknown) => RunConfig;
  /** Yields to messages while it computes. */
  readonly exactRecord: (config: ConfigInput) => Promise<ExactRecord>;
  /** The key for an address, from now on; null forgets it. */
  readonly setKey: (baseURL: string, key: string | null) => Promise<void>;
  /** Exports and verifies; yields to messages while it computes. @throws ExportDiffers, or the signal's reason */
  readonly exportRun: (checkpoint: Checkpoint, signal: AbortSignal) => Promise<RunExport>;
  readonly post: (message: WorkerMessage) => void;
}

type Answer = Answers[keyof Answers];

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

interface Job {
  readonly id: number;
  readonly type: Request['type'];
  readonly work: () => Promise<Answer>;
}

export class Host {
  readonly #parts: HostParts;
  #run: Run | null = null;
  #jobs: Job[] = [];
  #driving = false;
  /** Something came while the last turn was ending. */
  #woken = false;
  #playing = false;
  /** Least milliseconds from the start of a played step to that of the next. */
  #stepMilliseconds = 0;
  /** Aborted by whatever comes: the wait between played steps. */
  #rest: AbortController | null = null;
  /** When the next played step may start. */
  #nextStepAt = 0;
  /** Aborted by `pause`: training and evaluating. */
  #interrupt: AbortController | null = null;
  /** Aborted by `open`, `cancel` and `close`: compiling. */
  #opening: AbortController | null = null;
  /** Aborted by `stopAsking`: the question in progress. */
  #asking: AbortController | null = null;
  /** Aborted by `close`: everything else that takes long. */
  #life = new AbortController();
  #toldPhase = '';
  /** A failure passes through several hands, and is told once each time that the run is played. */
  #toldFailure: ModelFailure | null = null;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  handle(message: RequestMessage): void {
    if (message.type === 'pause') {
      this.#pause();
      this.#answer(message.id, null);
      return;
    }
    if (message.type === 'cancel') {
      this.#supersedeOpen('opening the run was given up');
      this.#answer(message.id, null);
      return;
    }
    if (message.type === 'stopAsking') {
      this.#stopAsking();
      this.#answer(message.id, null);
      return;
    }
    if (message.type === 'open') this.#supersedeOpen('another config was opened');
    if (message.type === 'close') this.#giveUp('the run was closed');
    this.#jobs.push(this.#jobOf(message));
    this.#wake();
  }

  #jobOf(request: RequestMessage): Job {
    const { id, type } = request;
    const job = (work: () => Promise<Answer>): Job => ({ id, type, work });
    switch (request.type) {
      case 'open':
        return job(() => this.#open(request.config, request.resume));
      case 'play':
        return job(async () => {
          const run = this.#runFor('play');
          if (run.stopped !== null) throw new RunStopped(run.stopped);
          if (run.finished) throw new RunFinished(run.config.steps);
          this.#toldFailure = null;
          this.#playing = true;
          return null;
        });
      case 'step':
        return this.#stepJob(id, request.count);
      case 'reset':
        return job(() => this.#reset());
      case 'inspect':
        return job(() => this.#runFor('inspect').ask((trainer) => trainer.inspect(request.split, request.task)));
      case 'credit':
        return job(async () => {
          const { split, task, count, walk } = request;
          if (walk !== undefined && !isTexts(walk))
            throw new RangeError('cannot find a walk by what is no list of texts; it is told by those of its actions');
          return this.#runFor('credit').ask((trainer) => trainer.credit(split, task, count, walk));
        });
      case 'library':
        return job(async () => {
          await this.#runFor('library').change(request.change);
          return null;
        });
      case 'key':
        return job(async () => {
          await this.#parts.setKey(request.baseURL, request.key);
          return null;
        });
      case 'ask':
        return job(() => this.#ask(request.messages, request.maxTokens));
      case 'forget':
        return job(async () => {
          const { store, model } = this.#executorFor('forget');
          await store.clear(model.id);
          return null;
        });
      case 'exact':
        return job(() => this.#parts.exactRecord(request.config));
      case 'record':
        return job(async () => {
          const run = this.#runFor('record');
          // Whoever has the record of a resting run may close the page at once: its checkpoint must be there.
          if (!this.#playing && run.unsaved) await run.save();
          return run.record();
        });
      case 'export':
        return job(async () => encodeCheckpoint(await this.#runFor('export').checkpoint()));
      case 'onnx':
        return job(async () => this.#parts.exportRun(await this.#runFor('onnx').checkpoint(), this.#life.signal));
      case 'close':
        return job(async () => {
          // What a failed device still holds is lost; its last checkpoint stays.
          if (this.#run?.unsaved && this.#run.failure === null) await this.#run.save();
          this.#run?.dispose();
          this.#run = null;
          return null;
        });
      case 'speed':
        return job(async () => this.#setSpeed(request.stepsPerSecond));
      case 'pause':
      case 'cancel':
      case 'stopAsking':
        throw new Error(`${type} does not wait in line`);
    }
  }

  /** Exactly `count` steps, fewer where the run ends or `pause` comes in between; a lost device does not change where it ends. */
  #stepJob(id: number, count: number): Job {
    let until: number | null = null;
    const work = async (): Promise<null> => {
      const run = this.#runFor('step');
      if (run.stopped !== null) throw new RunStopped(run.stopped);
      if (run.finished) throw new RunFinished(run.config.steps);
      if (!(Number.isInteger(count) && count >= 1))
        throw new RangeError(`cannot take ${count} steps; it may be 1 or more`);
      this.#playing = false;
      until ??= Math.min(run.step + count, run.config.steps);
      const target = until;
      await this.#interruptible(async (signal) => {
        while (!signal.aborted && (run.step < target || run.due)) await this.#advance(run, target, signal);
      });
      return null;
    };
    return { id, type: 'step', work };
  }

  #executorFor(request: Request['type']): Executor {
    const { executor } = this.#runFor(request);
    if (executor === null) throw new NoExecutor();
    return executor;
  }

  async #ask(messages: readonly Message[], maxTokens: number): Promise<Completion> {
    const { model } = this.#executorFor('ask');
    const seed = this.#runFor('ask').config.executor?.seed ?? 0;
    this.#asking = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, this.#asking.signal]);
    try {
      return await model.complete({ messages, maxTokens, seed, schema: null }, { signal });
    } finally {
      this.#asking = null;
    }
  }

  #runFor(request: Request['type']): Run {
    if (this.#run === null) throw new NoRun(request);
    return this.#run;
  }

  // What does not wait.

  #pause(): void {
    const training = this.#interrupt !== null;
    this.#playing = false;
    this.#interrupt?.abort();
    this.#rest?.abort();
    this.#drop(
      0,
      ({ type }) => type === 'play' || type === 'step',
      (job) => this.#answer(job.id, null),
    );
    if (training) this.#tellPhase('ready', 'The step in progress is being finished', null);
  }

  #stopAsking(): void {
    const reason = new Cancelled('the question was given up');
    this.#asking?.abort(reason);
    this.#drop(
      0,
      ({ type }) => type === 'ask',
      (job) => this.#fail(job.id, reason),
    );
  }

  /** What was asked for after the superseded `open` was asked of its run. */
  #supersedeOpen(by: string): void {
    const first = this.#opening ? 0 : this.#jobs.findIndex(({ type }) => type === 'open');
    this.#opening?.abort();
    if (first >= 0)
      this.#drop(
        first,
        () => true,
        (job) => this.#fail(job.id, new Cancelled(by)),
      );
  }

  #giveUp(by: string): void {
    this.#playing = false;
    this.#interrupt?.abort();
    this.#opening?.abort();
    this.#life.abort();
    this.#life = new AbortController();
    this.#drop(
      0,
      () => true,
      (job) => this.#fail(job.id, new Cancelled(by)),
    );
  }

  /** Takes the jobs from `first` on for which `is` holds out of the line. */
  #drop(first: number, is: (job: Job) => boolean, tell: (job: Job) => void): void {
    const dropped = this.#jobs.filter((job, i) => i >= first && is(job));
    this.#jobs = this.#jobs.filter((job) => !dropped.includes(job));
    dropped.forEach(tell);
  }

  // The one line of work.

  #wake(): void {
    this.#woken = true;
    this.#rest?.abort();
    if (!this.#driving) void this.#drive();
  }

  async #drive(): Promise<void> {
    this.#driving = true;
    try {
      while (this.#woken) {
        this.#woken = false;
        while (await this.#turn()) this.#tellRest();
        this.#tellRest();
      }
    } finally {
      this.#driving = false;
    }
  }

  /** Does what is most pressing. False if nothing is left to do. */
  async #turn(): Promise<boolean> {
    const run = this.#run;
    if (run?.failure) {
      await this.#mend(run, run.failure);
      return true;
    }
    const job = this.#jobs.shift();
    if (job !== undefined) {
      await this.#perform(job);
      return true;
    }
    if (run === null) return false;
    try {
      if (this.#playing) {
        await this.#play(run);
        return true;
      }
      if (!run.unsaved) return false;
      await run.save();
    } catch (error) {
      if (run.failure === null) this.#end(run, error);
    }
    return true;
  }

  async #perform(job: Job): Promise<void> {
    try {
      this.#answer(job.id, await job.work());
    } catch (error) {
      // The run mends itself first; then the job is done after all.
      if (this.#run?.failure) this.#jobs.unshift(job);
      else this.#fail(job.id, error);
    }
  }

  /** Trains on; where the speed is limited, one step, and only when it is time for it. */
  async #play(run: Run): Promise<void> {
    const { clock } = this.#parts;
    const limited = this.#stepMilliseconds > 0 && !run.due;
    if (limited) {
      const early = this.#nextStepAt - clock.now();
      if (early > 0) {
        this.#tellPhase('running', '', run.step / run.config.steps);
        this.#rest = new AbortController();
        await clock.sleep(early, this.#rest.signal);
        this.#rest = null;
        return;
      }
      this.#nextStepAt = clock.now() + this.#stepMilliseconds;
    }
    await this.#interruptible((signal) => this.#advance(run, limited ? run.step + 1 : run.config.steps, signal));
    if (run.finished) this.#playing = false;
  }

  #setSpeed(stepsPerSecond: number | null): null {
    if (stepsPerSecond !== null && !(stepsPerSecond > 0 && Number.isFinite(stepsPerSecond)))
      throw new RangeError(`cannot take ${stepsPerSecond} steps a second; it may be above 0, or null for full speed`);
    this.#stepMilliseconds = stepsPerSecond === null ? 0 : 1000 / stepsPerSecond;
    this.#nextStepAt = 0;
    return null;
  }

  async #interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const interrupt = new AbortController();
    this.#interrupt = interrupt;
    try {
      return await work(interrupt.signal);
    } finally {
      this.#interrupt = null;
    }
  }

  async #advance(run: Run, until: number, signal: AbortSignal): Promise<void> {
    if (!run.due && !run.evolving) this.#tellPhase('running', '', run.step / run.config.steps);
    try {
      await run.advance(until, signal);
    } catch (error) {
      if (run.failure === null) this.#end(run, error);
      throw error;
    }
  }

  async #open(input: ConfigInput, resume: boolean): Promise<Answers['open']> {
    const config = this.#parts.resolveConfig(input);
    const old = this.#run;
    if (old?.unsaved) await old.save();
    this.#opening = new AbortController();
    this.#tellPhase('compiling', 'Compiling the tasks', null);
    try {
      this.#run = await Run.open(config, resume, this.#runParts(), this.#opening.signal);
    } finally {
      this.#opening = null;
    }
    this.#playing = false;
    old?.dispose();
    return this.#run.opened();
  }

  async #reset(): Promise<null> {
    const run = this.#runFor('reset');
    this.#playing = false;
    await run.reset(this.#life.signal);
    return null;
  }

  /** The device failed: a lost one is replaced, any other failure ends the run. */
  async #mend(run: Run, failure: Error): Promise<void> {
    if (!isDeviceLost(failure)) {
      this.#stop(run, failure);
      return;
    }
    const { signal } = this.#life;
    try {
      await run.recover(signal);
    } catch (error) {
      if (signal.aborted) run.stopped = toFailure(error);
      else this.#stop(run, error);
    }
  }

  /** A model that gives no answer makes the run rest, to be played on when it does; any other error ends it. */
  #end(run: Run, error: unknown): void {
    if (!(error instanceof ModelFailure)) {
      this.#stop(run, error);
      return;
    }
    this.#playing = false;
    if (this.#toldFailure === error) return;
    this.#toldFailure = error;
    this.#parts.post({ type: 'error', error: toFailure(error) });
  }

  #stop(run: Run, error: unknown): void {
    this.#playing = false;
    run.stopped = toFailure(error);
    this.#parts.post({ type: 'error', error: run.stopped });
  }

  #runParts(): RunParts {
    return {
      ...this.#parts,
      notify: this.#parts.post,
      tellPhase: (phase, detail, progress) => this.#tellPhase(phase, detail, progress),
      onFailure: () => this.#wake(),
    };
  }

  // What is told.

  #answer(id: number, answer: Answer): void {
    this.#parts.post({ type: 'done', id, answer });
  }

  #fail(id: number, error: unknown): void {
    this.#parts.post({ type: 'failed', id, error: toFailure(error) });
  }

  #tellPhase(phase: Phase, detail: string, progress: number | null): void {
    const told = JSON.stringify([phase, detail, progress]);
    if (told === this.#toldPhase) return;
    this.#toldPhase = told;
    this.#parts.post({ type: 'phase', phase, detail, progress });
  }

  /** The phase between two turns. */
  #tellRest(): void {
    const run = this.#run;
    if (run === null) this.#tellPhase('closed', '', null);
    else if (run.stopped !== null) this.#tellPhase('stopped', run.stopped.message, null);
    else if (run.finished) this.#tellPhase('finished', '', null);
    else if (!this.#playing) this.#tellPhase('ready', '', null);
  }
}
