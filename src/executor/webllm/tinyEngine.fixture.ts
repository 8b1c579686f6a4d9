/**
 * The real engine of WebLLM, with its real pipeline and the real pair of its worker, over a runtime that computes next
 * tokens in TypeScript. Prompts, tokens, sampling, grammar, usage, locks and errors are the package's own; kernels and
 * weights are not there.
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

// The tokens: 256 bytes, the end, and what opens and closes a thought.
const END = 256;
const SPECIAL = ['<end>', '<think>', '</think>', '\n\n'];
const VOCABULARY = 256 + SPECIAL.length;

class TinyTokenizer {
  encode(text: string): Int32Array {
    const ids: number[] = [];
    for (const part of text.split(/(<think>|<\/think>|\n\n)/)) {
      const special = SPECIAL.indexOf(part);
      if (special > 0) ids.push(END + special);
      else ids.push(...new TextEncoder().encode(part));
    }
    return Int32Array.from(ids);
  }
  decode(ids: Int32Array): string {
    const bytes = [...ids].flatMap((id) => (id < END ? [id] : [...new TextEncoder().encode(SPECIAL[id - END])]));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  }
  getVocabSize(): number {
    return VOCABULARY;
  }
  idToToken(id: number): string {
    return id < END ? `<0x${id.toString(16).toUpperCase().padStart(2, '0')}>` : SPECIAL[id - END];
  }
  dispose(): void {}
}

/** A tensor of the runtime: numbers with a shape. */
class Tensor {
  readonly shape: readonly number[];
  readonly dtype = 'float32';
  data: Float64Array;
  constructor(shape: readonly number[], data?: Float64Array) {
    this.shape = shape;
    this.data = data ?? new Float64Array(shape.reduce((product, size) => product * size, 1));
  }
  view(shape: readonly number[]): Tensor {
    return new Tensor(shape, this.data);
  }
  copyFrom(source: ArrayLike<number> | Tensor): this {
    this.data.set(source instanceof Tensor ? source.data : Array.from(source));
    return this;
  }
  toArray(): Float64Array {
    return this.data;
  }
  dispose(): void {}
}

type Kernel = ((...args: never[]) => unknown) & { dispose(): void };
const kernel = (compute: (...args: never[]) => unknown): Kernel => Object.assign(compute, { dispose: () => {} });
const nothing = kernel(() => undefined);
const list = (...items: Tensor[]): { get(index: number): Tensor } => ({ get: (index) => items[index] });

const WORDS = ['Grüße', 'red', 'seven', '東京', 'a lamp', '👩‍🚀', 'north', 'soon'];

/** What the tiny model wants to say to a prompt: a few words that depend on every token of it. */
function scriptOf(tokens: readonly number[]): readonly number[] {
  let hash = 2166136261;
  for (const token of tokens) hash = Math.imul(hash ^ token, 16777619) >>> 0;
  const words = Array.from({ length: 4 }, (_, index) => WORDS[Math.floor(hash / 8 ** index) % WORDS.length]);
  return [...new TextEncoder().encode(words.join(' ')), END];
}

/** Preferences where the script says nothing that the grammar allows: what ends a JSON text first. */
const PREFERRED = '"}]{:,0';

export interface TinyOptions {
  /** Words of a prompt that make its prefill fail, and with what. */
  readonly failing?: Readonly<Record<string, string>>;
  readonly contextTokens?: number;
  readonly modelId?: string;
  /** Called with the text of each prompt as the model sees it. */
  readonly onPrompt?: (text: string) => void;
  readonly onSeed?: (seed: number) => void;
  /** Called at each token that is computed. */
  readonly onToken?: () => void;
  /** Tensors of its weights, each loaded as the package does it: written, then waited for. */
  readonly tensors?: number;
  readonly onTensor?: () => void;
}

class Runtime {
  readonly #options: TinyOptions;
  #seed = 1;
  #script: readonly number[] = [];
  #said = 0;
  readonly #cache = { tokens: [] as number[], dispose: () => {} };
  readonly #device = { deviceType: 15, sync: () => new Promise<void>((resolve) => setImmediate(resolve)) };

  constructor(options: TinyOptions) {
    this.#options = options;
  }

  #logits(): { get(index: number): Tensor } {
    this.#options.onToken?.();
    const logits = new Tensor([1, 1, VOCABULARY]);
    for (const [index, character] of [...PREFERRED].entries()) logits.data[character.charCodeAt(0)] = 5 - index / 10;
    logits.data[this.#script[Math.min(this.#said, this.#script.length - 1)]] = 10;
    this.#said += 1;
    return list(logits);
  }

  readonly #functions: Readonly<Record<string, Kernel>> = {
    _metadata: kernel(() => JSON.stringify({ params: [], prefill_chunk_size: 64 })),
    create_tir_paged_kv_cache: kernel(() => this.#cache),
    embed: kernel((tokens: Tensor) => new Tensor([tokens.shape[0], 1], tokens.data.slice())),
    prefill: kernel((embeddings: Tensor) => {
      this.#cache.tokens.push(...embeddings.data);
      const text = new TinyTokenizer().decode(Int32Array.from(this.#cache.tokens));
      for (const [word, error] of Object.entries(this.#options.failing ?? {})) {
        if (text.includes(word)) throw new Error(error);
      }
      this.#script = scriptOf(this.#cache.tokens);
      this.#said = 0;
      this.#options.onPrompt?.(text);
      return this.#logits();
    }),
    decode: kernel((embeddings: Tensor) => {
      this.#cache.tokens.push(...embeddings.data);
      return this.#logits();
    }),
    apply_bitmask_inplace: kernel((logits: Tensor, _: Tensor, mask: Tensor) => {
      for (let id = 0; id < VOCABULARY; id++) {
        if (((mask.data[id >> 5] >> (id & 31)) & 1) === 0) logits.data[id] = Number.NEGATIVE_INFINITY;
      }
    }),
    apply_penalty_inplace: nothing,
    apply_logit_bias_inplace: nothing,
    softmax_with_temperature: kernel((logits: Tensor, temperature: Tensor) => {
      const most = Math.max(...logits.data);
      const weights = logits.data.map((logit) => Math.exp((logit - most) / temperature.data[0]));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return new Tensor(
        logits.shape,
        weights.map((weight) => weight / sum),
      );
    }),
    argsort_probs: kernel((probabilities: Tensor) => {
      const order = [...probabilities.data.keys()].sort((a, b) => probabilities.data[b] - probabilities.data[a]);
      const sorted = order.map((id) => probabilities.data[id]);
      const shape = [1, order.length];
      return list(new Tensor(shape, Float64Array.from(sorted)), new Tensor(shape, Float64Array.from(order)));
    }),
    sample_with_top_p: kernel((sorted: Tensor, order: Tensor, uniform: Tensor) => {
      let left = uniform.data[0];
      const rank = sorted.data.findIndex((probability) => {
        left -= probability;
        return left < 0;
      });
      return new Tensor([1], Float64Array.of(order.data[Math.max(0, rank)]));
    }),
  };

  beginScope(): void {}
  endScope(): void {}
  withNewScope<T>(work: () => T): T {
    return work();
  }
  detachFromCurrentScope<T>(value: T): T {
    return value;
  }
  attachToCurrentScope<T>(value: T): T {
    return value;
  }
  webgpu(): object {
    return this.#device;
  }
  cpu(): object {
    return {};
  }
  createVirtualMachine(): object {
    return {
      dispose: () => {},
      getFunction: (name: string) => {
        const found = this.#functions[name];
        if (found === undefined) throw new Error(`no function ${name}`);
        return found;
      },
    };
  }
  getParamsFromCacheByName(): object {
    return { dispose: () => {} };
  }
  getGlobalFunc(name: string): Kernel {
    if (name !== 'vm.builtin.kv_state_clear') return kernel(() => undefined);
    return kernel(() => {
      this.#cache.tokens.length = 0;
    });
  }
  makeShapeTuple(shape: readonly number[]): readonly number[] {
    return shape;
  }
  empty(shape: readonly number[]): Tensor {
    return new Tensor(shape);
  }
  uniform(shape: readonly number[]): Tensor {
    const next = (): number => {
      this.#seed = (48271 * this.#seed) % 2147483647;
      return this.#seed / 2147483647;
    };
    return new Tensor(shape, new Float64Array(shape[0]).map(next));
  }
  setSeed(seed: number): void {
    // As the runtime's own generator does.
    if (!Number.isInteger(seed)) throw new Error('Seed should be an integer.');
    this.#seed = seed % 2147483647 || 1;
    if (this.#seed < 0) throw new Error('Random state is unexpectedly not strictly positive.');
    this.#options.onSeed?.(seed);
  }
  dispose(): void {}
}

export const TINY_CONFIG = {
  tokenizer_files: ['tokenizer.json'],
  tokenizer_info: { token_postproc_method: 'byte_fallback', prepend_space_in_encode: false },
  vocab_size: VOCABULARY,
  context_window_size: 1024,
  sliding_window_size: -1,
  attention_sink_size: -1,
  // Not what the lab asks for: its requests have to say otherwise.
  temperature: 1,
  top_p: 0.9,
  repetition_penalty: 1.2,
  frequency_penalty: 1,
  presence_penalty: 1,
  conv_template: {
    system_template: '<system>{system_message}</system>\n',
    system_message: 'You are a tiny model.',
    roles: { user: '<user>', assistant: '<assistant>', tool: '<tool>' },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
    seps: ['\n'],
    role_content_sep: '',
    role_empty_sep: '',
    stop_str: ['<stop>'],
    stop_token_ids: [END],
  },
} as const;

/** A device as far as it is watched. */
function noDevice(): GPUDevice {
  const queue = { onSubmittedWorkDone: async () => undefined };
  return { queue, popErrorScope: async () => null, lost: new Promise(() => {}) } as unknown as GPUDevice;
}

/** The real handler, whose engine loads the tiny model where it would fetch one. */
async function tinyHandler(
  post: (message: unknown) => void,
  options: TinyOptions,
  slices: LoadSlices,
): Promise<Handler> {
  const engine = await engineWithInside();
  class TinyHandler extends engine.WebWorkerMLCEngineHandler {
    override postMessage(message: unknown): void {
      post(message);
    }
  }
  const handler = new TinyHandler();
  const inside = handler.engine as unknown as Record<string, unknown>;
  const maps = inside as Readonly<Record<string, Map<string, unknown>>>;
  const adapter = { requestDevice: async () => noDevice() };
  watchDevices(
    adapter,
    () => {},
    () => slices.pause(),
  );
  inside.reloadInternal = async (modelId: string) => {
    const { queue } = await adapter.requestDevice();
    for (let tensor = 0; tensor < (options.tensors ?? 0); tensor++) {
      options.onTensor?.();
      await queue.onSubmittedWorkDone();
    }
    const config = { ...TINY_CONFIG, context_window_size: options.contextTokens ?? TINY_CONFIG.context_window_size };
    const pipeline = new engine.LLMChatPipeline(new Runtime(options), new TinyTokenizer(), config);
    maps.loadedModelIdToPipeline.set(modelId, pipeline);
    maps.loadedModelIdToChatConfig.set(modelId, config);
    maps.loadedModelIdToModelType.set(modelId, 0);
    maps.loadedModelIdToLock.set(modelId, new engine.CustomLock());
  };
  return handler;
}

/** A GPU that the list's models in f32 run on. */
export const tinyDevice: DeviceFacts = {
  secure: true,
  memory: null,
  adapter: { vendor: 'tiny', architecture: '', software: false, features: new Set(), limits: LEAST_LIMITS },
};

const noDownload: typeof download = (_, { onProgress } = {}) => {
  const text = 'Downloading: 1 of 1 files, 1 of 1 bytes';
  onProgress?.({ phase: 'download', files: 1, ofFiles: 1, bytes: 1, ofBytes: 1, fraction: 1, text });
  return Promise.resolve({ bytes: 1, dollarRoles: Object.keys(TINY_CONFIG.conv_template.role_templates) });
};

export interface TinyWorker extends ModelWorker {
  /** As the worker itself would send it. */
  say(message: unknown): void;
  crash(why: string): void;
  readonly stopped: boolean;
  /** Of the engine's own messages, what this side asked. */
  readonly asked: readonly { readonly kind: string; readonly content: unknown }[];
}

/** A worker in this thread: messages are cloned and arrive later, and a stopped one is silent. */
export function tinyWorker(options: TinyOptions = {}, getFiles: typeof download = noDownload): TinyWorker {
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
  const receive = hostModel(say, () => tinyHandler(say, options, slices), slices, getFiles);
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

/** A platform with the tiny model in the place of the GPU, the network and the worker. */
export function tinyPlatform(worker: TinyWorker = tinyWorker()): Partial<WebLLMPlatform> {
  return {
    readDevice: () => Promise.resolve(tinyDevice),
    loadEngine: engineWithInside,
    startWorker: () => worker,
  };
}
