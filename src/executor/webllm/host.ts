/** The worker's side: downloads, the engine, and a watch over its device. */
import { download } from './download.ts';
import type { Engine } from './engine.ts';
import { engineFailure } from './failures.ts';
import { type FromWorker, isOurs, sentFailure, type ToWorker } from './protocol.ts';

/**
 * Tells when a device that this worker gets is lost, and whether memory was short. The engine looks at each buffer's error
 * scopes, destroys its device on any error, and tells nobody which error it was.
 * @param adapters the prototype of all adapters
 */
export function watchDevices(
  adapters: Pick<GPUAdapter, 'requestDevice'>,
  onLost: (memory: boolean, said: string) => void,
): void {
  const requestDevice = adapters.requestDevice;
  adapters.requestDevice = async function (this: GPUAdapter, descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
    const device = await requestDevice.call(this, descriptor);
    let memory = false;
    let said = '';
    const popErrorScope = device.popErrorScope.bind(device);
    device.popErrorScope = async () => {
      const error = await popErrorScope();
      if (error !== null) {
        memory ||= error instanceof GPUOutOfMemoryError;
        said ||= error.message;
      }
      return error;
    };
    device.lost.then(
      (info) => onLost(memory, said || info.message),
      () => {},
    );
    return device;
  };
}

/** What comes in at a worker: the lab's own messages, and the engine's for its handler. */
export function hostModel(
  post: (message: FromWorker) => void,
  loadHandler: () => Promise<InstanceType<Engine['WebWorkerMLCEngineHandler']>>,
  getFiles: typeof download = download,
): (message: unknown) => void {
  // Loaded when the first message of the engine comes: a download needs none of it. In order: each waits for it.
  let handler: ReturnType<typeof loadHandler> | null = null;
  return (message) => {
    if (isOurs<ToWorker>(message)) {
      getFiles(message.artefacts, { onProgress: (progress) => post({ lab: 'progress', progress }) }).then(
        (downloaded) => post({ lab: 'downloaded', downloaded }),
        (error: unknown) => post({ lab: 'failed', failure: sentFailure(engineFailure(error, 'The download')) }),
      );
      return;
    }
    handler ??= loadHandler();
    handler
      .then((ready) => ready.onmessage(message))
      .catch((error: unknown) => {
        post({ lab: 'failed', failure: sentFailure(engineFailure(error, 'Loading WebLLM itself')) });
      });
  };
}
