/** Sentence encoders in the page's worker: kept files, addresses, and the runtime from this site. */
import asyncify from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import plain from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { loadOnnxRuntime } from '../encoder/encoderRuntime.ts';
import { sentenceEncoders } from '../encoder/sentenceEncoders.ts';
import type { OpenEncoder } from '../training/encoderOf.ts';
import { type EncoderFiles, encoderFiles } from './encoderFiles.ts';

/** Addresses of the runtime's WebAssembly on this site. */
const WASM = { wasm: plain, webgpu: asyncify };

export function browserEncoders(files: EncoderFiles = encoderFiles()): OpenEncoder {
  return sentenceEncoders({
    readFile: files.read,
    runtime: (provider) => loadOnnxRuntime(provider, async (one) => new URL(WASM[one], import.meta.url).href),
  });
}
