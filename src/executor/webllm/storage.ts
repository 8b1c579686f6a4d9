/** Where WebLLM 0.2.86 keeps what it downloads: three caches of the Cache API, by address. */
import { z } from 'zod';

export const CACHES = { config: 'webllm/config', model: 'webllm/model', library: 'webllm/wasm' } as const;

/** The folder that a model's files lie in, as the engine makes it of an address (its `cleanModelUrl`). */
export function folderOf(weights: string): string {
  const slashed = weights.endsWith('/') ? weights : `${weights}/`;
  return new URL(/.+\/resolve\/.+\//.test(slashed) ? slashed : `${slashed}resolve/main/`).href;
}

export const addressOf = (file: string, folder: string): string => new URL(file, folder).href;

export const CONFIG_FILE = 'mlc-chat-config.json';
export const SHARDS_FILE = 'tensor-cache.json';
/** The engine takes the first of these that the config names. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer.model'] as const;

/** What is read of a model's config; the rest is the engine's business. */
export const chatConfigSchema = z.looseObject({
  tokenizer_files: z.array(z.string()),
  conv_template: z.looseObject({ role_templates: z.record(z.string(), z.string()).optional() }).optional(),
});

/** The list of a model's weights: files beside it, with their sizes. */
export const shardsSchema = z.looseObject({
  records: z.array(z.looseObject({ dataPath: z.string().min(1), nbytes: z.int().nonnegative() })),
});
