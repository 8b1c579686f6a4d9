/** The page's end of the worker that makes an experiment's table of gradient variances. */
import type { Variance } from '../experiments/results.ts';
import type { Experiment } from '../experiments/spec.ts';
import { SessionError } from './client.ts';
import type { VarianceMessage } from './varianceWorker.ts';

function startWorker(): Worker {
  return new Worker(new URL('./varianceWorker.ts', import.meta.url), { type: 'module', name: 'variance' });
}

/**
 * Makes the table in a worker of its own, which ends with it.
 * @throws SessionError with what stopped it; the signal's reason
 */
export function variancesInWorker(
  experiment: Experiment,
  signal: AbortSignal,
  onProgress: (done: number, of: number) => void,
  worker: Worker = startWorker(),
): Promise<readonly Variance[]> {
  const made = new Promise<readonly Variance[]>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.onmessage = ({ data }: MessageEvent<VarianceMessage>) => {
      if (data.type === 'progress') onProgress(data.done, data.of);
      else if (data.type === 'done') resolve(data.rows);
      else reject(new SessionError(data.error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const message = event.message || 'its program could not be loaded';
      reject(new SessionError({ name: 'WorkerCrashed', message, hint: 'Start the experiment again.' }));
    };
    if (signal.aborted) reject(signal.reason);
    else worker.postMessage(experiment);
  });
  return made.finally(() => worker.terminate());
}
