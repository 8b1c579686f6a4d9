/**
 * The real engine of WebLLM, with its real pipeline and the real pair of its worker, over a runtime in which a model of
 * the lab computes the logits of the next token. Prompts, chunks, sampling, grammar, usage, locks and errors are the
 * package's own; its kernels and the loading of weights are not there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DeviceFacts } from './device.ts';
import { LEAST_LIMITS } from './device.ts';
import type { download } from './download.ts';
import type { Engine } from './engine.ts';
import { hostModel, LoadSlices, watchDevices } from './host.ts';
import { type InjectedModel, Runtime } from './runtime.fixture.ts';
import type { ModelWorker, WebLLMPlatform } from './webllm.ts';

type Handler = InstanceType<Engine['WebWorkerMLCEngineHandler']>;

/** What of the package is not exported. */
interface Inside {
  readonly LLMChatPipeline: new (runtime: unknown, tokenizer: unknown, config: unknown) => object;
  readonly CustomLock: new () => object;
}

/** Classes of errors that it does not export either. */
const ERRORS = [
  'DeviceLostError',
  'ModelNotLoadedError',
  'WebGPUNotFoundError',
  'ShaderF16SupportError',
  'FeatureSupportError',
  'MissingModelWasmError',
  'ContextWindowSizeExceededError',
  'MessageOrderError',
  'SystemMessageOrderError',
  'GrammarMatcherInitError',
  'InvalidResponseFormatError',
  'MinValueError',
  'SeedTypeError',
];

let loading: Promise<Engine & Inside> | null = null;

/** The file of the package as it is installed, with more names exported. */
export function engineWithInside(): Promise<Engine & Inside> {
  loading ??= (async () => {
    const source = await readFile(createRequire(import.meta.url).resolve('@mlc-ai/web-llm'), 'utf8');
    // Below a folder of that name it is loaded as it is.
    const folder = join(tmpdir(), `skillflow-lab-${process.pid}`, 'node_modules');
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'web-llm.mjs');
    // In Node its grammar compiler asks for two things that the package leaves out.
    const inNode = source.replaceAll('"MLC_DUMMY_PATH"', 'import.meta.url');
    const asked = "import { createRequire } from 'node:module';";
    await writeFile(path, `${asked}\n${inNode}\nexport { LLMChatPipeline, CustomLock, ${ERRORS.join(', ')} };\n`);
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Engine & Inside;
  })();
  return loading;
}

/** A device as far as it is watched. */
function noDevice(): GPUDevice {
  const queue = { onSubmittedWorkDone: async () => undefined };
  return { queue, popErrorScope: async () => null, lost: new Promise(() => {}) } as unknown as GPUDevice;
}

/** The real handler, whose engine loads the model that it is given where it would fetch one. */
async function injectedHandler(
  post: (message: unknown) => void,
  load: () => Promise<InjectedModel>,
  slices: LoadSlices,
): Promise<Handler> {
  const engine = await engineWithInside();
  class InjectedHandler extends engine.WebWorkerMLCEngineHandler {
    override postMessage(message: unknown): void {
      post(message);
    }
  }
  const handler = new InjectedHandler();
  const inside = handler.engine as unknown as Record<string, unknown>;
  const maps = inside as Readonly<Record<string, Map<string, unknown>>>;
  const adapter = { requestDevice: async () => noDevice() };
  watchDevices(
    adapter,
    () => {},
    () => slices.pause(),
  );
  inside.reloadInternal = async (modelId: string) => {
    const model = await load();
    const { queue } = await adapter.requestDevice();
    for (let tensor = 0; tensor < (model.tensors ?? 0); tensor++) {
      model.onTensor?.();
      await queue.onSubmittedWorkDone();
    }
    const pipeline = new engine.LLMChatPipeline(new Runtime(model), model.tokenizer, model.config);
    maps.loadedModelIdToPipeline.set(modelId, pipeline);
    maps.loadedModelIdToChatConfig.set(modelId, model.config);
    maps.loadedModelIdToModelType.set(modelId, 0);
    maps.loadedModelIdToLock.set(modelId, new engine.CustomLock());
  };
  return handler;
}

/** A GPU that the list's models in f32 run on. */
export const injectedDevice: DeviceFacts = {
  secure: true,
  memory: null,
  adapter: { vendor: 'tiny', architecture: '', software: false, features: new Set(), limits: LEAST_LIMITS },
};

/** Says of a model's config what the lab's download says. */
function noDownload(load: () => Promise<InjectedModel>): typeof download {
  return async (_, { onProgress } = {}) => {
    const { config } = await load();
    const text = 'Downloading: 1 of 1 files, 1 of 1 bytes';
    onProgress?.({ phase: 'download', files: 1, ofFiles: 1, bytes: 1, ofBytes: 1, fraction: 1, text });
    return { bytes: 1, dollarRoles: Object.keys(config.conv_template.role_templates ?? {}) };
  };
}

export interface InjectedWorker extends ModelWorker {
  /** As the worker itself would send it. */
  say(message: unknown): void;
  crash(why: string): void;
  readonly stopped: boolean;
  /** Of the engine's own messages, what this side asked. */
  readonly asked: readonly { readonly kind: string; readonly content: unknown }[];
}

/**
 * A worker in this thread: messages are cloned and arrive later, and a stopped one is silent.
 * @param load the model that its engine runs; called once for its config, once for each time that it is loaded
 */
export function injectedWorker(load: () => Promise<InjectedModel>, getFiles = noDownload(load)): InjectedWorker {
  let stopped = false;
  const asked: { kind: string; content: unknown }[] = [];
  let onMessage: (message: unknown) => void = () => {};
  let onCrash: (why: string) => void = () => {};
  const later = (deliver: (message: unknown) => void, message: unknown): void => {
    const clone: unknown = structuredClone(message);
    setImmediate(() => {
      if (!stopped) deliver(clone);
    });
  };
  const say = (message: unknown): void => later((clone) => onMessage(clone), message);
  const slices = new LoadSlices(say);
  const receive = hostModel(say, () => injectedHandler(say, load, slices), slices, getFiles);
  return {
    post: (message) => {
      if (stopped) return;
      if (typeof message === 'object' && message !== null && 'kind' in message) {
        const { kind, content } = message as { kind: string; content?: unknown };
        asked.push({ kind, content: structuredClone(content) });
      }
      later(receive, message);
    },
    listen: (message, crash) => {
      [onMessage, onCrash] = [message, crash];
    },
    terminate: () => {
      stopped = true;
    },
    say,
    crash: (why) => onCrash(why),
    get stopped() {
      return stopped;
    },
    asked,
  };
}

/** A platform with this worker in the place of the GPU, the network and the worker. */
export function injectedPlatform(worker: InjectedWorker): Partial<WebLLMPlatform> {
  return {
    readDevice: () => Promise.resolve(injectedDevice),
    loadEngine: engineWithInside,
    startWorker: () => worker,
  };
}
