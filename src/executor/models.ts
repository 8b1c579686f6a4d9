/** Where the models of each kind come from. A kind's code is loaded when it is first asked for. */
import type { TurnTaker } from './gpuTurns.ts';
import type { ModelSource } from './openExecutor.ts';

/** A server, from a page or from Node. */
export const endpointModel: ModelSource = async ({ endpoint }, { before = null }, keyFor) => {
  if (endpoint === undefined) throw new RangeError('An endpoint needs its address and its model.');
  const { createEndpoint } = await import('./endpoint/endpoint.ts');
  return createEndpoint(endpoint, { key: keyFor(endpoint.baseURL), before });
};

/** A model on this device's GPU, in a worker of its own. @param turns its turns on the GPU, where others use it too */
export function webllmModel(turns: TurnTaker): ModelSource {
  return async ({ webllm }, { onProgress, signal }) => {
    if (webllm === undefined) throw new RangeError('WebLLM needs the name of a model.');
    const { createWebLLM } = await import('./webllm/webllm.ts');
    return createWebLLM(webllm, {
      signal,
      turns,
      onProgress: ({ text, fraction }) => onProgress(text, fraction),
    });
  };
}

/** The small model that ships with the lab, in a page. @param site the address of the page */
export function microModel(site: string): ModelSource {
  return async (_, { onProgress, signal }) => {
    onProgress('Loading the small model of the lab', null);
    const { microInBrowser } = await import('./micro/inBrowser.ts');
    return microInBrowser(site, signal);
  };
}
