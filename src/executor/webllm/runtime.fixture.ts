/**
 * A runtime for WebLLM's pipeline that has a model in TypeScript where the compiled kernels would be. It works as a GPU
 * does: kernels and copies are put in a queue and carried out in order, and what they give can be read only after
 * `device.sync()`. So a kernel may take its time, as onnxruntime's `run` does, and the pipeline stays as it is.
 */
import type { ChatOptions } from '@mlc-ai/web-llm';

/** What the engine asks of a tokenizer. */
export interface EngineTokenizer {
  encode(text: string): Int32Array;
  decode(ids: Int32Array): string;
  getVocabSize(): number;
  /** As `token_postproc_method` of the config says that pieces are written. */
  idToToken(id: number): string;
  dispose(): void;
}

/** `mlc-chat-config.json`. */
export type EngineConfig = ChatOptions &
  Required<Pick<ChatOptions, 'vocab_size' | 'conv_template' | 'context_window_size'>>;

/** A model that answers in the place of weights and kernels. */
export interface InjectedModel {
  readonly tokenizer: EngineTokenizer;
  readonly config: EngineConfig;
  /** A text of which nothing is read yet: what the cache of keys and values holds. */
  begin(): InjectedText;
  /** Tensors of its weights, each loaded as the package does it: written, then waited for. */
  readonly tensors?: number | undefined;
  readonly onTensor?: (() => void) | undefined;
  readonly onSeed?: ((seed: number) => void) | undefined;
}

export interface InjectedText {
  /**
   * Reads on, a prompt in pieces of at most `PREFILL_CHUNK` tokens, then one token at a time.
   * @returns logits [vocabulary] of the token that comes next
   */
  read(tokens: readonly number[]): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** Shorter than most prompts of the lab, so that they come in pieces. */
export const PREFILL_CHUNK = 64;

/** Work in order. After a failure nothing is done until `drained` has told of it. */
class Queue {
  #tail: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #waiting = 0;

  push(work: () => void | Promise<void>): void {
    this.#waiting += 1;
    this.#tail = this.#tail.then(async () => {
      try {
        if (this.#failure === null) await work();
      } catch (error) {
        this.#failure = { error };
      } finally {
        this.#waiting -= 1;
      }
    });
  }

  get empty(): boolean {
    return this.#waiting === 0;
  }

  /** @throws what the work threw */
  async drained(): Promise<void> {
    await this.#tail;
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }
}

/** A tensor of the runtime: numbers with a shape. Views share their numbers. */
class Tensor {
  readonly dtype = 'float32';
  readonly shape: readonly number[];
  /** For the work in the queue. */
  readonly data: Float64Array;
  readonly #queue: Queue;

  constructor(queue: Queue, shape: readonly number[], data?: Float64Array) {
    this.#queue = queue;
    this.shape = shape;
    this.data = data ?? new Float64Array(shape.reduce((product, size) => product * size, 1));
  }
  view(shape: readonly number[]): Tensor {
    return new Tensor(this.#queue, shape, this.data);
  }
  /** Numbers of the host are taken as they are now, those of a tensor when the copy's turn comes. */
  copyFrom(source: ArrayLike<number> | Tensor): this {
    const from = source instanceof Tensor ? source.data : Array.from(source);
    this.#queue.push(() => this.data.set(from));
    return this;
  }
  toArray(): Float64Array {
    if (!this.#queue.empty)
      throw new Error('A tensor was read before its numbers were there: device.sync() was not awaited.');
    return this.data;
  }
  dispose(): void {}
}

/** What the pipeline calls the cache of keys and values. */
interface Cache {
  text: InjectedText;
  dispose(): void;
}

type Kernel = ((...args: never[]) => unknown) & { dispose(): void };
const kernel = (compute: (...args: never[]) => unknown): Kernel => Object.assign(compute, { dispose: () => {} });
const nothing = kernel(() => undefined);
const list = (...items: Tensor[]): { get(index: number): Tensor } => ({ get: (index) => items[index] });

/** What the pipeline asks of the package's own runtime, by the same names. */
export class Runtime {
  readonly #model: InjectedModel;
  readonly #queue = new Queue();
  #seed = 1;
  readonly #device = {
    deviceType: 15,
    // Lets messages arrive too, as waiting for a GPU does.
    sync: async () => {
      await this.#queue.drained();
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };

  constructor(model: InjectedModel) {
    this.#model = model;
  }

  /** A tensor that work in the queue fills. */
  #made(shape: readonly number[], fill: (data: Float64Array) => void | Promise<void>): Tensor {
    const tensor = this.empty(shape);
    this.#queue.push(() => fill(tensor.data));
    return tensor;
  }

  readonly #forward = kernel((embeddings: Tensor, cache: Cache) =>
    list(
      this.#made([1, 1, this.#model.config.vocab_size], async (logits) => {
        logits.set(await cache.text.read(Array.from(embeddings.data)));
      }),
    ),
  );

  readonly #functions: Readonly<Record<string, Kernel>> = {
    _metadata: kernel(() => JSON.stringify({ params: [], prefill_chunk_size: PREFILL_CHUNK })),
    create_tir_paged_kv_cache: kernel((): Cache => ({ text: this.#model.begin(), dispose: () => {} })),
    // A token stands for its own embedding: the model in TypeScript looks it up itself.
    embed: kernel((tokens: Tensor) => this.#made([tokens.shape[0], 1], (data) => data.set(tokens.data))),
    prefill: this.#forward,
    decode: this.#forward,
    apply_bitmask_inplace: kernel((logits: Tensor, _: Tensor, mask: Tensor) =>
      this.#queue.push(() => {
        for (let id = 0; id < logits.data.length; id++) {
          if (((mask.data[id >> 5] >> (id & 31)) & 1) === 0) logits.data[id] = Number.NEGATIVE_INFINITY;
        }
      }),
    ),
    apply_penalty_inplace: nothing,
    apply_logit_bias_inplace: nothing,
    softmax_with_temperature: kernel((logits: Tensor, temperature: Tensor) =>
      this.#made(logits.shape, (data) => {
        const most = Math.max(...logits.data);
        const weights = logits.data.map((logit) => Math.exp((logit - most) / temperature.data[0]));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        data.set(weights.map((weight) => weight / sum));
      }),
    ),
    argsort_probs: kernel((probabilities: Tensor) => {
      const { shape } = probabilities;
      const order = this.#made(shape, (data) => {
        data.set([...probabilities.data.keys()].sort((a, b) => probabilities.data[b] - probabilities.data[a]));
      });
      const sorted = this.#made(shape, (data) => data.set(order.data.map((id) => probabilities.data[id])));
      return list(sorted, order);
    }),
    sample_with_top_p: kernel((sorted: Tensor, order: Tensor, uniform: Tensor) =>
      this.#made([1], (data) => {
        let left = uniform.data[0];
        const rank = sorted.data.findIndex((probability) => {
          left -= probability;
          return left < 0;
        });
        data[0] = order.data[Math.max(0, rank)];
      }),
    ),
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
    return kernel((cache: Cache) =>
      this.#queue.push(() => {
        cache.text = this.#model.begin();
      }),
    );
  }
  makeShapeTuple(shape: readonly number[]): readonly number[] {
    return shape;
  }
  empty(shape: readonly number[]): Tensor {
    return new Tensor(this.#queue, shape);
  }
  uniform(shape: readonly number[]): Tensor {
    const next = (): number => {
      this.#seed = (48271 * this.#seed) % 2147483647;
      return this.#seed / 2147483647;
    };
    return new Tensor(this.#queue, shape, new Float64Array(shape[0]).map(next));
  }
  setSeed(seed: number): void {
    // As the runtime's own generator does.
    if (!Number.isInteger(seed)) throw new Error('Seed should be an integer.');
    this.#seed = seed % 2147483647 || 1;
    if (this.#seed < 0) throw new Error('Random state is unexpectedly not strictly positive.');
    this.#model.onSeed?.(seed);
  }
  dispose(): void {}
}
