/** The small model in Node: tests and the command line. The page uses `inBrowser.ts`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { LanguageModel } from '../languageModel.ts';
import { microOf } from './createMicro.ts';
import type { MicroFiles, MicroNetwork } from './network.ts';
import { openMicroNetwork } from './network.ts';

const FOLDER = fileURLToPath(new URL('../../../public/micro/', import.meta.url));

/** The files that ship with the lab. */
export function microFilesInNode(folder = FOLDER): MicroFiles {
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(`${folder}/${name}`));
  return { graph: read('model.onnx'), tokenizer: read('tokenizer.json'), facts: read('micro.json') };
}

/** @throws ModelFailure */
export function microNetworkInNode(folder?: string): Promise<MicroNetwork> {
  const wasm = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  return openMicroNetwork({ files: microFilesInNode(folder), wasm: new Uint8Array(readFileSync(wasm)) });
}

/** @throws ModelFailure */
export async function microInNode(folder?: string): Promise<LanguageModel> {
  return microOf(await microNetworkInNode(folder));
}
