/** onnxruntime-web on WebAssembly: one thread, no worker of its own, nothing fetched but the file that it is told. */
import type { InferenceSession } from 'onnxruntime-web';
import type { Feeds } from './feeds.ts';

/** The file `ort-wasm-simd-threaded.wasm` of `onnxruntime-web`: its address on the site, or its bytes. */
export type RuntimeWasm = string | Uint8Array;

/** A loaded model. */
export interface OnnxModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Float outputs by name, flat. @throws what onnxruntime says of inputs that do not fit */
  run(feeds: Feeds): Promise<Readonly<Record<string, Float32Array | Float64Array>>>;
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
      return await Session.create(bytes, { executionProviders: ['wasm'] });
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
            Object.entries(results).map(([name, { data }]) => {
              if (!(data instanceof Float32Array || data instanceof Float64Array)) {
                throw new TypeError(`The output "${name}" has no floats.`);
              }
              return [name, data];
            }),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
