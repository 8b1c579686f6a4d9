/** The worker that makes an experiment's table of gradient variances, on the CPU; it is ended to cancel it. */
import type { Variance } from '../experiments/results.ts';
import type { Experiment } from '../experiments/spec.ts';
import { variancesOf } from '../experiments/varianceStage.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { toFailure } from './failure.ts';
import type { Failure } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

/** What the worker tells of the experiment that it was sent. */
export type VarianceMessage =
  | { readonly type: 'progress'; readonly done: number; readonly of: number }
  | { readonly type: 'done'; readonly rows: readonly Variance[] }
  | { readonly type: 'failed'; readonly error: Failure };

function post(message: VarianceMessage): void {
  self.postMessage(message);
}

self.onmessage = ({ data }: MessageEvent<Experiment>) => {
  variancesOf(data, {
    backend: () => createCpuBackend(),
    signal: new AbortController().signal,
    onProgress: (done, of) => post({ type: 'progress', done, of }),
  }).then(
    (rows) => post({ type: 'done', rows }),
    (error: unknown) => post({ type: 'failed', error: toFailure(error) }),
  );
};
