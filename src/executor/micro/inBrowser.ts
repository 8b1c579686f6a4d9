/** The small model in a page or a worker, its files from the site itself. */
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { LanguageModel } from '../languageModel.ts';
import { ModelFailure } from '../modelFailure.ts';
import { createMicro } from './createMicro.ts';

/**
 * @param site the address of the lab's page: a worker's own is that of its script
 * @throws ModelFailure, or the signal's reason
 */
export async function microInBrowser(site: string, signal?: AbortSignal): Promise<LanguageModel> {
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const address = new URL(`micro/${name}`, site);
    let response: Response;
    try {
      response = await fetch(address, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw new ModelFailure('unreachable', `${address.href} was not reached.`, 'Look at the network and try again.', {
        cause: error,
      });
    }
    if (!response.ok) {
      throw new ModelFailure(
        response.status === 404 ? 'not-found' : 'server-error',
        `${address.href} was answered with status ${response.status}.`,
        'Build the site again: public/micro/ belongs to it.',
      );
    }
    return new Uint8Array(await response.arrayBuffer());
  };
  const [graph, tokenizer, facts] = await Promise.all(['model.onnx', 'tokenizer.json', 'micro.json'].map(read));
  return createMicro({ files: { graph, tokenizer, facts }, wasm });
}
