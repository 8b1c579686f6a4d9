/** `onnxruntime-web`, loaded when a sentence encoder is first opened. */

import { EncoderFailed } from './encoderFailed.ts';
import type { OnnxRuntime } from './onnxEncoder.ts';
import type { Provider } from './provider.ts';

/** The runtime's WebAssembly for each provider: its address on this site, or its bytes. Asked for when it is needed. */
export type WasmSource = (provider: Provider) => Promise<string | Uint8Array>;

/**
 * The runtime for a provider, or for WASM where there is no WebGPU. One thread where the page is not isolated from
 * other origins, as WebAssembly has it.
 * @throws EncoderFailed where it does not load
 */
export async function loadOnnxRuntime(asked: Provider, wasm: WasmSource): Promise<OnnxRuntime> {
  const provider = asked === 'webgpu' && (await hasWebgpu()) ? 'webgpu' : 'wasm';
  try {
    const ort = await (provider === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
    const source = await wasm(provider);
    if (!globalThis.crossOriginIsolated) ort.env.wasm.numThreads = 1;
    if (typeof source === 'string') ort.env.wasm.wasmPaths = { wasm: source };
    else ort.env.wasm.wasmBinary = source;
    return { InferenceSession: ort.InferenceSession, Tensor: ort.Tensor, provider };
  } catch (error) {
    throw new EncoderFailed(
      'no-runtime',
      `The runtime for ONNX models does not load: ${error instanceof Error ? error.message : String(error)}`,
      'It is served from this site: reload the page while you are online.',
    );
  }
}

async function hasWebgpu(): Promise<boolean> {
  if (typeof navigator === 'undefined' || navigator.gpu === undefined) return false;
  return (await navigator.gpu.requestAdapter()) !== null;
}
