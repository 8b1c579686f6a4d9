/** Sentence encoders in Node: files by their paths, addresses, and the runtime's WebAssembly from its package. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { EncoderFailed } from '../../src/encoder/encoderFailed.ts';
import { loadOnnxRuntime } from '../../src/encoder/encoderRuntime.ts';
import { sentenceEncoders } from '../../src/encoder/sentenceEncoders.ts';

const require = createRequire(import.meta.url);

async function readPath(path: string, what: string): Promise<Uint8Array> {
  if (!existsSync(path)) {
    throw new EncoderFailed(
      'no-file',
      `There is no file ${resolve(path)}, which the config names as the ${what} of the encoder.`,
      'Paths begin where the command was called; an address begins with https:// or http://.',
    );
  }
  return await readFile(path);
}

/** WebGPU as the runtime has it needs a page: here it is WASM, whatever the config asks for. */
export const nodeEncoders = sentenceEncoders({
  readFile: readPath,
  runtime: () =>
    loadOnnxRuntime('wasm', () => readFile(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'))),
});
