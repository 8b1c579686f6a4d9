/** What WebLLM is set to. */
import { z } from 'zod';

/** The engine takes `model` for an address on this page's own server unless it is absolute. */
const absolute = z.url({ protocol: /^https?$/, error: 'an absolute address, beginning with https:// or http://' });
const hash = z.string().regex(/^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/, 'sha256-, sha384- or sha512- and base64');

const customModelSchema = z.strictObject({
  /** The folder with `mlc-chat-config.json`, or a model on Hugging Face. */
  weights: absolute,
  /** The `.wasm` that MLC compiled for it. */
  library: absolute,
  integrity: z
    .strictObject({ config: hash, library: hash, tokenizer: z.record(z.string(), hash) })
    .partial()
    .optional(),
});

export const webllmSettingsSchema = z.strictObject({
  /** An id of WebLLM's list, or a model by its addresses. */
  model: z.union([z.string().min(1), customModelSchema]),
  /** Tokens of prompt and answer together. Less takes less memory. */
  contextTokens: z.int().min(64).max(131_072).optional(),
  /** Lets models of the Qwen3 family think aloud before they answer. */
  thinking: z.boolean().default(false),
});
export type WebLLMSettings = z.input<typeof webllmSettingsSchema>;
