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
    const options = signal === undefined ? {} : { signal };
    const reached = async <T>(work: Promise<T>, what: string): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        signal?.throwIfAborted();
        throw new ModelFailure('unreachable', `${address.href} ${what}.`, 'Look at the network and try again.', {
          cause: error,
        });
      }
    };
    const response = await reached(fetch(address, options), 'was not reached');
    if (!response.ok) {
      throw new ModelFailure(
        response.status === 404 ? 'not-found' : 'server-error',
        `${address.href} was answered with status ${response.status}.`,
        'Build the site again: public/micro/ belongs to it.',
      );
    }
    return new Uint8Array(await reached(response.arrayBuffer(), 'was cut off on its way'));
  };
  const [graph, tokenizer, facts] = await Promise.all(['model.onnx', 'tokenizer.json', 'micro.json'].map(read));
  return createMicro({ files: { graph, tokenizer, facts }, wasm });
}
