/** Where the models of each kind come from. A kind's code is loaded when it is first asked for. */
import type { ModelSource } from './openExecutor.ts';

/** A server, from a page or from Node. */
export const endpointModel: ModelSource = async ({ endpoint }, _, keyFor) => {
  if (endpoint === undefined) throw new RangeError('An endpoint needs its address and its model.');
  const { createEndpoint } = await import('./endpoint/endpoint.ts');
  return createEndpoint(endpoint, { key: keyFor(endpoint.baseURL) });
};
