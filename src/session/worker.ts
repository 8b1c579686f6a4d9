/** The worker that owns a Trainer: wires the host to this browser's devices and storage. */
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { acquireDevice } from '../gpu/device.ts';
import { createWebgpuBackend } from '../gpu/webgpuBackend.ts';
import { openTrainer } from '../training/openTrainer.ts';
import { resolveConfig } from '../training/resolve.ts';
import type { OpenedBackend } from './devices.ts';
import { browserEncoders } from './encoders.ts';
import { exactInSlices } from './exactInSlices.ts';
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

// Requests that come before the storage is open wait for it, in order.
const host = openOpfsStore(checkpointFolder(self.name)).then(
  (store) =>
    new Host({
      store,
      devices: { webgpu, cpu: () => createCpuBackend() },
      createTrainer: openTrainer,
      openEncoder: browserEncoders(),
      resolveConfig: (input) => resolveConfig(input),
      exactRecord: exactInSlices,
      clock: systemClock,
      post,
    }),
);

self.onmessage = ({ data }: MessageEvent<RequestMessage>) => {
  host
    .then((ready) => ready.handle(data))
    .catch((error: unknown) => post({ type: 'failed', id: data.id, error: toFailure(error) }));
};
