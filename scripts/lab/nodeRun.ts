/** One run in Node itself, without a browser: the same loop, on Dawn or on the CPU. */
import { ModelFailure } from '../../src/executor/modelFailure.ts';
import { isDeviceLost, toFailure } from '../../src/session/failure.ts';
import { Run } from '../../src/session/run.ts';
import { noStore } from '../../src/session/storage.ts';
import { systemClock } from '../../src/session/systemClock.ts';
import { encodeCheckpoint } from '../../src/training/checkpoint.ts';
import type { RunConfig } from '../../src/training/config.ts';
import { openTrainer } from '../../src/training/openTrainer.ts';
import type { RunRecord, StepMetrics } from '../../src/training/records.ts';
import { fileStore } from './fileStore.ts';
import { nodeDevices } from './nodeDevices.ts';
import { nodeEncoders } from './nodeEncoders.ts';
import { nodeExecutors } from './nodeExecutors.ts';

export interface NodeRun {
  readonly config: RunConfig;
  readonly signal: AbortSignal;
  /** Where checkpoints lie; without it none are kept and nothing can be resumed. */
  readonly folder?: string;
  readonly resume?: boolean;
  /** The file in which results of a live executor are kept; without it they are gone with the run. */
  readonly results?: string;
  readonly onStep?: (metrics: StepMetrics) => void;
  /** Called with the last checkpoint, a safetensors file, unless an error stopped the run. */
  readonly onCheckpoint?: ((bytes: Uint8Array) => void) | undefined;
  /** What a person should read: a device that is missing or was lost. */
  readonly onNews?: (text: string) => void;
}

/**
 * @returns the record, whatever stopped the run
 * @throws what compiling the run throws; the signal's reason where it was aborted before the first step
 */
export async function runInNode(options: NodeRun): Promise<RunRecord> {
  const {
    config,
    signal,
    folder,
    results,
    resume = false,
    onStep = () => {},
    onNews = () => {},
    onCheckpoint,
  } = options;
  const parts = {
    devices: nodeDevices,
    store: folder === undefined ? noStore('No folder was given for checkpoints.') : fileStore(folder),
    createTrainer: openTrainer,
    openExecutor: nodeExecutors(results),
    openEncoder: nodeEncoders,
    clock: systemClock,
    notify: (notice: Parameters<Parameters<typeof Run.open>[2]['notify']>[0]) => {
      if (notice.type === 'metrics') for (const metrics of notice.steps) onStep(metrics);
      if (notice.type === 'news') onNews(notice.text);
    },
    tellPhase: () => {},
    onFailure: () => {},
  };
  const run = await Run.open(config, resume, parts, signal);
  try {
    while (!run.finished && run.stopped === null && !signal.aborted) await advance(run, signal);
    if (run.unsaved) await run.save();
    if (onCheckpoint && run.stopped === null) onCheckpoint(encodeCheckpoint(await run.checkpoint()));
    return run.record();
  } finally {
    run.dispose();
  }
}

/** Some steps or an evaluation; a lost device is replaced, any other error stops the run. */
async function advance(run: Run, signal: AbortSignal): Promise<void> {
  try {
    await run.advance(run.config.steps, signal);
  } catch (error) {
    const failure = run.failure ?? error;
    if (!isDeviceLost(failure)) {
      // A model that gives no answer has harmed nothing: the run can be resumed from here.
      if (failure instanceof ModelFailure && run.unsaved) await run.save();
      run.stopped = toFailure(failure);
      return;
    }
    try {
      await run.recover(signal);
    } catch (lost) {
      run.stopped = toFailure(lost);
    }
  }
}
