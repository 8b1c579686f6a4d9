/** The worker that owns a Trainer: wires the host to this browser's devices and storage. */

import { GpuTurns } from '../executor/gpuTurns.ts';
import { endpointModel, microModel, webllmModel } from '../executor/models.ts';
import type { ResultStore } from '../executor/resultStore.ts';
import { indexedResults, memoryResults } from '../executor/resultStore.ts';
import { toolsOf } from '../executor/tools.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { acquireDevice } from '../gpu/device.ts';
import { createWebgpuBackend } from '../gpu/webgpuBackend.ts';
import { openTrainer } from '../training/openTrainer.ts';
import { resolveConfig } from '../training/resolve.ts';
import type { OpenedBackend } from './devices.ts';
import { browserEncoders } from './encoders.ts';
import { exactInSlices } from './exactInSlices.ts';
import { Executors } from './executors.ts';
import { exportInWorker } from './exportInWorker.ts';
import { toFailure } from './failure.ts';
import { Host } from './host.ts';
import { checkpointFolder, openOpfsStore } from './opfsStore.ts';
import type { RequestMessage, WorkerMessage } from './protocol.ts';
import { systemClock } from './systemClock.ts';

declare const self: DedicatedWorkerGlobalScope;

async function webgpu(): Promise<OpenedBackend> {
  const acquired = await acquireDevice();
  if (!acquired.ok) return acquired;
  const { device, adapterInfo: adapter, software } = acquired;
  return { ok: true, backend: createWebgpuBackend(device, { adapter, software }) };
}

function post(message: WorkerMessage): void {
  const bytes = message.type === 'done' && message.answer instanceof Uint8Array ? message.answer.buffer : null;
  self.postMessage(message, bytes instanceof ArrayBuffer ? [bytes] : []);
}

self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  post({ type: 'error', error: toFailure(event.reason) });
});

/** Where the page lies: a built worker is a file of its folder `assets`, one that is being developed lies in the sources. */
function siteAddress(): string {
  return new URL(import.meta.env.DEV ? '/' : '../', self.location.href).href;
}

/** IndexedDB, or memory where the browser refuses it, as some do in private windows. */
async function openResults(): Promise<ResultStore> {
  try {
    return await indexedResults();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return memoryResults(`Results are kept until the page is closed: the browser refuses storage (${why}).`);
  }
}

// Requests that come before the storage is open wait for it, in order.
const host = Promise.all([openOpfsStore(checkpointFolder(self.name)), openResults()]).then(([store, results]) => {
  const gpuTurns = new GpuTurns();
  const webllm = webllmModel(gpuTurns.join('model'));
  const executors = new Executors({
    store: results,
    tools: toolsOf(),
    models: { micro: microModel(siteAddress()), endpoint: endpointModel, webllm },
  });
  const gpu = { training: gpuTurns.join('training'), report: () => gpuTurns.report() };
  return new Host({
    store,
    gpu,
    openExecutor: (settings, hooks) => executors.open(settings, hooks),
    setKey: (baseURL, key) => executors.setKey(baseURL, key),
    devices: { webgpu, cpu: () => createCpuBackend() },
    createTrainer: openTrainer,
    openEncoder: browserEncoders(),
    resolveConfig: (input) => resolveConfig(input),
    exactRecord: exactInSlices,
    exportRun: exportInWorker,
    clock: systemClock,
    post,
  });
});

self.onmessage = ({ data }: MessageEvent<RequestMessage>) => {
  host
    .then((ready) => ready.handle(data))
    .catch((error: unknown) => post({ type: 'failed', id: data.id, error: toFailure(error) }));
};
