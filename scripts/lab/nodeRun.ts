/** One run in Node itself, without a browser: the same loop, on Dawn or on the CPU. */
import { isDeviceLost, toFailure } from '../../src/session/failure.ts';
import { Run } from '../../src/session/run.ts';
import { noStore } from '../../src/session/storage.ts';
import { systemClock } from '../../src/session/systemClock.ts';
import type { RunConfig } from '../../src/training/config.ts';
import { openTrainer } from '../../src/training/openTrainer.ts';
import type { RunRecord, StepMetrics } from '../../src/training/records.ts';
import { fileStore } from './fileStore.ts';
import { nodeDevices } from './nodeDevices.ts';
import { nodeEncoders } from './nodeEncoders.ts';

export interface NodeRun {
  readonly config: RunConfig;
  readonly signal: AbortSignal;
  /** Where checkpoints lie; without it none are kept and nothing can be resumed. */
  readonly folder?: string;
  readonly resume?: boolean;
  readonly onStep?: (metrics: StepMetrics) => void;
  /** What a person should read: a device that is missing or was lost. */
  readonly onNews?: (text: string) => void;
}

/**
 * @returns the record, whatever stopped the run
 * @throws what compiling the run throws; the signal's reason where it was aborted before the first step
 */
export async function runInNode(options: NodeRun): Promise<RunRecord> {
  const { config, signal, folder, resume = false, onStep = () => {}, onNews = () => {} } = options;
  const parts = {
    devices: nodeDevices,
    store: folder === undefined ? noStore('No folder was given for checkpoints.') : fileStore(folder),
    createTrainer: openTrainer,
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
