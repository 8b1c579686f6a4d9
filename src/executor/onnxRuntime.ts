/** onnxruntime-web on WebAssembly: one thread, no worker of its own, nothing fetched but the file that it is told. */
import type { InferenceSession } from 'onnxruntime-web';

/** The file `ort-wasm-simd-threaded.wasm` of `onnxruntime-web`: its address on the site, or its bytes. */
export type RuntimeWasm = string | Uint8Array;

/** An input: its numbers, the last dimension fastest, and its shape. */
export type Feed =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] };

/** A loaded model. */
export interface OnnxModel {
  /** Float outputs by name. @throws what onnxruntime says of inputs that do not fit */
  run(
    feeds: Readonly<Record<string, Feed>>,
  ): Promise<Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>>;
  /** Frees its memory. */
  release(): Promise<void>;
}

/** onnxruntime-web could not be loaded. */
export class NoOnnxRuntime extends Error {
  override readonly name = 'NoOnnxRuntime';
  constructor(cause: unknown) {
    super(`onnxruntime-web did not start: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/**
 * Loads onnxruntime-web, 14 MB of WebAssembly, when it is first needed, and a model.
 * @throws NoOnnxRuntime, or what onnxruntime says of bytes that are no model that it can run
 */
export async function loadOnnxModel(bytes: Uint8Array, wasm: RuntimeWasm): Promise<OnnxModel> {
  const ort = await import('onnxruntime-web/wasm').catch((error: unknown) => {
    throw new NoOnnxRuntime(error);
  });
  const { env, InferenceSession: Session, Tensor } = ort;
  // More threads need a page that is isolated from other origins, and the order of sums would be theirs.
  env.wasm.numThreads = 1;
  if (typeof wasm === 'string') env.wasm.wasmPaths = { wasm };
  else env.wasm.wasmBinary = wasm;

  let session: InferenceSession;
  try {
    session = await Session.create(bytes, {
      executionProviders: ['wasm'],
      // Weights of 8 bits are made into floats once, when the model is loaded, and not at each run.
      extra: { session: { disable_quant_qdq: '1' } },
    });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no available backend')) throw new NoOnnxRuntime(error);
    throw error;
  }
  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(results).map(([name, { data, dims }]) => {
          if (!(data instanceof Float32Array)) throw new TypeError(`The output "${name}" is not float32.`);
          return [name, { data, dims }];
        }),
      );
    },
    release: () => session.release(),
  };
}
