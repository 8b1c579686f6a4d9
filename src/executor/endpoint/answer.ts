/** What a server may answer, read as the untrusted thing that it is. */
import { z } from 'zod';
import type { Usage } from './account.ts';

const count = z.int().nonnegative();
const usageSchema = z
  .object({ prompt_tokens: count, completion_tokens: count })
  .transform(
    ({ prompt_tokens, completion_tokens }): Usage => ({
      promptTokens: prompt_tokens,
      completionTokens: completion_tokens,
    }),
  )
  // A count that is none is as good as no count.
  .nullish()
  .catch(null);
const finishReason = z.string().nullish();

/** One answer in one piece. */
export const wholeSchema = z.object({
  choices: z.tuple(
    [z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: finishReason })],
    z.unknown(),
  ),
  usage: usageSchema,
});

/** A piece of an answer. The last may have no choice and the count of all tokens. */
export const pieceSchema = z.object({
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: finishReason }))
    .nullish(),
  usage: usageSchema,
});

/** Whatever has a count: looked for where the rest of an answer is not as it should be. */
export const countedSchema = z.object({ usage: usageSchema });

export const modelsSchema = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });
