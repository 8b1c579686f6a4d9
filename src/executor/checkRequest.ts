import type { ModelRequest } from './languageModel.ts';
import { ModelFailure } from './modelFailure.ts';

/**
 * Holds a request to what every model asks of it: a message at least, a whole number of tokens above 0, a whole seed.
 * @throws ModelFailure of kind `bad-request`
 */
export function checkRequest({ messages, maxTokens, seed }: ModelRequest): void {
  if (messages.length === 0) {
    throw new ModelFailure('bad-request', 'The request has no message.', 'Give one at least.');
  }
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw new ModelFailure(
      'bad-request',
      `The request asks for an answer of at most ${maxTokens} tokens.`,
      'Ask for a whole number of tokens, 1 or more.',
    );
  }
  if (!Number.isSafeInteger(seed)) {
    throw new ModelFailure('bad-request', `The request has the seed ${seed}.`, 'Give a whole number.');
  }
}
