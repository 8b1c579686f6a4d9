/** From texts to the numbers of a model's tokens, by a `tokenizer.json` and the library made for it. */
import { z } from 'zod';
import { EncoderFailed } from './encoderFailed.ts';

/** Bytes of a `tokenizer.json` that are read. */
export const MOST_TOKENIZER_BYTES = 32 * 2 ** 20;
/** Tokens that a vocabulary may have. */
const MOST_TOKENS = 1_000_000;
/** Tokens of a text that are read where the file says nothing else. */
const USUAL_LENGTH = 512;

const part = z.looseObject({ type: z.string() }).nullish();
const vocabulary = z.union([z.record(z.string(), z.int().min(0)), z.array(z.tuple([z.string(), z.number()]))]);
const tokenizerSchema = z.looseObject({
  model: z.looseObject({ type: z.enum(['WordPiece', 'BPE', 'Unigram']).nullish(), vocab: vocabulary }),
  added_tokens: z
    .array(z.looseObject({ id: z.int().min(0), content: z.string(), special: z.boolean().nullish() }))
    .max(100_000)
    .nullish(),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: part,
  decoder: part,
  truncation: z.looseObject({ max_length: z.int().min(2).max(65_536) }).nullish(),
  padding: z.looseObject({ pad_id: z.int().min(0) }).nullish(),
});

export interface SentenceTokenizer {
  /** Number of the token that fills up a batch. */
  readonly padId: number;
  /** The largest number that a token of the vocabulary has, those added to it left out. */
  readonly largestId: number;
  readonly tokens: number;
  /** Numbers of a text's tokens with those that frame it, cut to what the file says or 512. */
  encode(text: string): readonly number[];
}

/** @param bytes of a `tokenizer.json`, of unknown origin @throws EncoderFailed */
export async function readTokenizer(bytes: Uint8Array): Promise<SentenceTokenizer> {
  const json = parsed(bytes);
  const checked = tokenizerSchema.safeParse(json);
  if (!checked.success) {
    const [{ path, message }] = checked.error.issues;
    throw bad(`at "${path.join('.') || 'its top'}": ${message}`);
  }
  const { model, added_tokens, truncation, padding } = checked.data;
  const ids = Array.isArray(model.vocab) ? [model.vocab.length - 1] : Object.values(model.vocab);
  const tokens = Array.isArray(model.vocab) ? model.vocab.length : ids.length;
  if (tokens === 0 || tokens > MOST_TOKENS) throw bad(`it has ${tokens} tokens; it may have 1 to ${MOST_TOKENS}`);
  const largestId = ids.reduce((most, id) => Math.max(most, id), 0);
  const length = truncation?.max_length ?? USUAL_LENGTH;
  const special = new Set((added_tokens ?? []).flatMap(({ id, special }) => (special === true ? [id] : [])));
  const { Tokenizer } = await import('@huggingface/tokenizers');
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer(checked.data, {});
    tokenizer.encode('a');
  } catch (error) {
    throw bad(`the tokenizer library does not take it: ${error instanceof Error ? error.message : String(error)}`);
  }
  const padId = padding?.pad_id ?? tokenizer.token_to_id('[PAD]') ?? tokenizer.token_to_id('<pad>') ?? 0;
  return {
    padId,
    largestId,
    tokens,
    encode(text) {
      const { ids: all } = tokenizer.encode(text);
      if (all.length <= length) return all;
      const last = all[all.length - 1];
      // The token that ends a text stays at its end.
      return special.has(last) ? [...all.slice(0, length - 1), last] : all.slice(0, length);
    },
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw bad(error instanceof SyntaxError ? 'it is not JSON' : 'it is not text in UTF-8');
  }
}

function bad(why: string): EncoderFailed {
  return new EncoderFailed(
    'bad-tokenizer',
    `The tokenizer cannot be read: ${why}.`,
    'Choose the file tokenizer.json of the same model, as the Hugging Face library writes it.',
  );
}
