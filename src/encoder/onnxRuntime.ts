/** onnxruntime-web on WebAssembly: one thread, no worker of its own, nothing fetched but the file that it is told. */
import type { InferenceSession } from 'onnxruntime-web';

/** The file `ort-wasm-simd-threaded.wasm` of `onnxruntime-web`: its address on the site, or its bytes. */
export type RuntimeWasm = string | Uint8Array;

/** An input: its numbers, the last dimension fastest, and its shape. */
export type Feed =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'int32'; readonly data: Int32Array; readonly dims: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] };

/** An output of floats. */
export interface Output {
  readonly data: Float32Array | Float64Array;
  readonly dims: readonly number[];
}

/** A loaded model. */
export interface OnnxModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Outputs by name. @throws what onnxruntime says of inputs that do not fit */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Output>>>;
  /** Frees its memory. */
  release(): Promise<void>;
}

export interface OnnxRuntime {
  readonly version: string;
  /** @throws what onnxruntime says of bytes that are no model that it can run */
  load(bytes: Uint8Array): Promise<OnnxModel>;
}

/** onnxruntime-web could not be loaded. */
export class NoOnnxRuntime extends Error {
  override readonly name = 'NoOnnxRuntime';
  readonly hint =
    'Reload the page and try again; if the site is served from elsewhere, look whether its .wasm file is there.';
  constructor(cause: unknown) {
    super(`onnxruntime-web did not start: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Loads onnxruntime-web, which takes a moment: 14 MB of WebAssembly. @throws NoOnnxRuntime */
export async function openOnnxRuntime(wasm: RuntimeWasm): Promise<OnnxRuntime> {
  const ort = await import('onnxruntime-web/wasm').catch((error: unknown) => {
    throw new NoOnnxRuntime(error);
  });
  const { env, InferenceSession: Session, Tensor } = ort;
  // More threads need a page that is isolated from other origins, and the order of sums would be theirs.
  env.wasm.numThreads = 1;
  if (typeof wasm === 'string') env.wasm.wasmPaths = { wasm };
  else env.wasm.wasmBinary = wasm;

  async function created(bytes: Uint8Array): Promise<InferenceSession> {
    try {
      return await Session.create(bytes, {
        executionProviders: ['wasm'],
        // Weights of 8 bits are made into floats once, when a model is loaded, and not at each run.
        extra: { session: { disable_quant_qdq: '1' } },
      });
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('no available backend')) throw new NoOnnxRuntime(error);
      throw error;
    }
  }

  return {
    version: env.versions.web ?? env.versions.common,
    async load(bytes) {
      const session = await created(bytes);
      return {
        inputs: session.inputNames,
        outputs: session.outputNames,
        async run(feeds) {
          const tensors = Object.fromEntries(
            Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
          );
          const results = await session.run(tensors);
          return Object.fromEntries(
            Object.entries(results).map(([name, { data, dims }]) => {
              if (!(data instanceof Float32Array || data instanceof Float64Array)) {
                throw new TypeError(`The output "${name}" has no floats.`);
              }
              return [name, { data, dims }];
            }),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
