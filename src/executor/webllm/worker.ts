/** The worker in which a model lives: stopped, it takes everything with it. */
import { loadEngine } from './engine.ts';
import { hostModel, LoadSlices, watchDevices } from './host.ts';
import type { FromWorker } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

const post = (message: FromWorker): void => self.postMessage(message);

const slices = new LoadSlices(post);

if ('GPUAdapter' in self) {
  watchDevices(
    GPUAdapter.prototype,
    (memory, said) => post({ lab: 'lost', memory, said }),
    () => slices.pause(),
  );
}

const receive = hostModel(
  post,
  async () => {
    const { WebWorkerMLCEngineHandler } = await loadEngine();
    return new WebWorkerMLCEngineHandler();
  },
  slices,
);

self.onmessage = ({ data }: MessageEvent<unknown>) => receive(data);
