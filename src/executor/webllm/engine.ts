/**
 * WebLLM's package: 7 MB with its tokenizer, grammar compiler and runtime. It is one file without imports, so page and
 * worker fetch the same asset when a model is first chosen, and neither has it in a bundle.
 */

import address from '@mlc-ai/web-llm/lib/index.js?url';
import { type ListedModel, listModels } from './models.ts';

/** The version that all of this folder was written against. */
export const WEBLLM_VERSION = '0.2.86';

export type Engine = typeof import('@mlc-ai/web-llm');

export function loadEngine(): Promise<Engine> {
  return import(/* @vite-ignore */ address);
}

/** What the installed version lists. Fetches the package, of which the list is a part. */
export async function knownModels(): Promise<readonly ListedModel[]> {
  return listModels((await loadEngine()).prebuiltAppConfig.model_list);
}
