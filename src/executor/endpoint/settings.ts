/** What an endpoint is set to. The key is none of it: settings are kept and exported, a key is not. */
import { z } from 'zod';

/** How the address is written: absolute, http or https, and without anything that could be a secret. */
const baseURL = z.string().superRefine((text, context) => {
  const problem = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  if (!URL.canParse(text)) {
    problem('give the whole address, e.g. http://localhost:8000/v1');
    return;
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') problem('give an address over http or https');
  if (url.username !== '' || url.password !== '') {
    problem('take the user and the password out of the address: it is shown and kept. Give the key as the key');
  }
  if (url.search !== '' || url.hash !== '') {
    problem('take what follows ? or # out of the address: it is shown and kept. Give the key as the key');
  }
});

const cap = (what: string) => z.number().nonnegative().nullable().default(null).describe(what);

export const endpointSettingsSchema = z
  .strictObject({
    baseURL: baseURL.transform((text) => new URL(text).href.replace(/\/+$/, '')),
    model: z.string().trim().min(1),
    weights: z
      .string()
      .trim()
      .min(1)
      .nullable()
      .default(null)
      .describe('names the weights where several addresses serve the same; null: the address does'),
    concurrency: z.int().min(1).max(4096).default(8).describe('requests under way at once'),
    streamed: z.boolean().default(true).describe('the answer in pieces, or in one'),
    tokenLimit: z
      .enum(['max_tokens', 'max_completion_tokens'])
      .default('max_tokens')
      .describe('the field in which the server wants the number of tokens'),
    timeoutMs: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .default(120_000)
      .describe('milliseconds from the sending of a request to its last token'),
    maxRetries: z.int().min(0).max(100).default(6).describe('times a request is sent again'),
    firstDelayMs: z.number().min(0).max(3_600_000).default(500).describe('milliseconds before the first of them'),
    maxDelayMs: z.number().min(0).max(3_600_000).default(60_000).describe('at most, whatever the server asks for'),
    promptPrice: z.number().nonnegative().default(0).describe('money per million tokens of prompts'),
    completionPrice: z.number().nonnegative().default(0).describe('money per million tokens of answers'),
    caps: z
      .strictObject({
        calls: cap('requests sent, those sent again included'),
        tokens: cap('tokens of prompts and answers'),
        money: cap('in the currency of the prices'),
      })
      .prefault({}),
  })
  .superRefine(({ caps, promptPrice, completionPrice }, context) => {
    if (caps.money !== null && promptPrice === 0 && completionPrice === 0) {
      context.addIssue({
        code: 'custom',
        path: ['caps', 'money'],
        message: 'give promptPrice or completionPrice too: without a price nothing costs anything',
      });
    }
  });

export type EndpointSettings = z.output<typeof endpointSettingsSchema>;
export type EndpointSettingsInput = z.input<typeof endpointSettingsSchema>;
