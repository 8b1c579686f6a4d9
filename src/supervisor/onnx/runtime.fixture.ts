/** onnxruntime-web in Node. Only test files import this. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OnnxRuntime } from '../../encoder/onnxRuntime.ts';
import { openOnnxRuntime } from '../../encoder/onnxRuntime.ts';

export function runtimeInNode(): Promise<OnnxRuntime> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  return openOnnxRuntime(readFileSync(path));
}
