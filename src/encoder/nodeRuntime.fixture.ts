import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadOnnxRuntime } from './encoderRuntime.ts';
import type { OnnxRuntime } from './onnxEncoder.ts';

/** The runtime in Node: its WebAssembly as bytes. */
export function nodeRuntime(): Promise<OnnxRuntime> {
  const { resolve } = createRequire(import.meta.url);
  return loadOnnxRuntime('wasm', () => readFile(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')));
}
