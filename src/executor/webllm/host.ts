/** The worker's side: downloads, the engine, and a watch over its device, which is also where loading waits for its turns. */
import type { Artefacts } from './download.ts';
import { download } from './download.ts';
import type { Engine } from './engine.ts';
import { engineFailure } from './failures.ts';
import { type FromWorker, isOurs, sentFailure, type ToWorker } from './protocol.ts';

/** Where the loading of weights waits for a turn on the GPU, as long as the other side wants that. */
export class LoadSlices {
  readonly #post: (message: FromWorker) => void;
  #wanted = false;
  #waiting: { readonly turn: Promise<void>; readonly goOn: () => void } | null = null;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  /** Resolves when the next slice may begin: at once where no turns are wanted. */
  async pause(): Promise<void> {
    if (!this.#wanted) return;
    if (this.#waiting === null) {
      let goOn = (): void => {};
      const turn = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      this.#waiting = { turn, goOn };
      this.#post({ lab: 'slice' });
    }
    await this.#waiting.turn;
  }

  goOn(): void {
    this.#waiting?.goOn();
    this.#waiting = null;
  }

  /** From now on; nothing waits any more where they are not wanted. */
  want(wanted: boolean): void {
    this.#wanted = wanted;
    if (!wanted) this.goOn();
  }
}

/**
 * Tells when a device that this worker gets is lost, and whether memory was short. The engine looks at each buffer's error
 * scopes, destroys its device on any error, and tells nobody which error it was.
 * @param adapters the prototype of all adapters
 * @param pause waited for before a device is handed out, and each time that its queue was waited for, which the engine does
 *   after every tensor that it loads
 */
export function watchDevices(
  adapters: Pick<GPUAdapter, 'requestDevice'>,
  onLost: (memory: boolean, said: string) => void,
  pause: () => Promise<void> = async () => {},
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
    const { queue } = device;
    const workDone = queue.onSubmittedWorkDone.bind(queue);
    queue.onSubmittedWorkDone = async () => {
      await workDone();
      await pause();
      return undefined;
    };
    await pause();
    return device;
  };
}

/** What comes in at a worker: the lab's own messages, and the engine's for its handler. */
export function hostModel(
  post: (message: FromWorker) => void,
  loadHandler: () => Promise<InstanceType<Engine['WebWorkerMLCEngineHandler']>>,
  slices: LoadSlices,
  getFiles: typeof download = download,
): (message: unknown) => void {
  // Loaded when the first message of the engine comes: a download needs none of it. In order: each waits for it.
  let handler: ReturnType<typeof loadHandler> | null = null;
  const bring = (artefacts: Artefacts): void => {
    getFiles(artefacts, { onProgress: (progress) => post({ lab: 'progress', progress }) }).then(
      (downloaded) => post({ lab: 'downloaded', downloaded }),
      (error: unknown) => post({ lab: 'failed', failure: sentFailure(engineFailure(error, 'The download')) }),
    );
  };
  return (message) => {
    if (isOurs<ToWorker>(message)) {
      if (message.lab === 'download') bring(message.artefacts);
      else if (message.lab === 'slices') slices.want(message.wanted);
      else slices.goOn();
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
