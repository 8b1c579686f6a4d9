/**
 * Micro: a language model of about a million numbers that the project trained itself (scripts/micro/, docs/micro.md). It
 * reads notes and skills and copies from them; it knows next to nothing, and most questions are beyond it.
 */
import { checkRequest } from '../checkRequest.ts';
import type { Completion, CompletionHooks, LanguageModel, ModelRequest } from '../languageModel.ts';
import { ModelFailure } from '../modelFailure.ts';
import { flatPrompt } from './flatPrompt.ts';
import type { MicroNetwork, MicroOptions } from './network.ts';
import { openMicroNetwork } from './network.ts';

/** Tokens after which the thread is free for a moment, so that an abort can arrive. */
const TURN = 16;

/**
 * Loads the model. Requests that come while one is under way wait for it.
 * @throws ModelFailure `integrity` where the files do not belong together, `unsupported` where they cannot be run here
 */
export async function createMicro(options: MicroOptions): Promise<LanguageModel> {
  return microOf(await openMicroNetwork(options));
}

/** The model that writes greedily with a network, which is the model's to release from now on. */
export function microOf(network: MicroNetwork): LanguageModel {
  const { tokenizer, context } = network;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  const failIfClosed = (): void => {
    if (closed) throw new ModelFailure('closed', 'The small model of the lab was closed.', 'Open it again.');
  };

  async function answer(request: ModelRequest, { signal, onText }: CompletionHooks): Promise<Completion> {
    const began = performance.now();
    signal?.throwIfAborted();
    failIfClosed();
    checkRequest(request);
    const prompt = tokenizer.encode(flatPrompt(request.messages));
    refuseWhatItCannot(request, prompt.length, context);
    const most = Math.min(request.maxTokens, context - prompt.length);
    const written: number[] = [];
    const reading = network.begin();
    let fresh: readonly number[] = prompt;
    let finish: Completion['finish'] = 'length';
    let text = '';
    while (written.length < most) {
      const token = largest(await reading.read(fresh));
      signal?.throwIfAborted();
      failIfClosed();
      if (token === tokenizer.end) {
        finish = 'stop';
        break;
      }
      written.push(token);
      fresh = [token];
      text = tokenizer.decode(written).trim();
      // A character that is not whole yet, and a space that may be the last, are told with what follows them.
      onText?.(text.replace(/[\s\ufffd]+$/, ''));
      if (written.length % TURN === 0) {
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        failIfClosed();
      }
    }
    return {
      text,
      finish,
      promptTokens: prompt.length,
      completionTokens: written.length,
      milliseconds: performance.now() - began,
      cost: 0,
    };
  }

  return {
    id: network.id,
    concurrency: 1,
    complete(request, hooks = {}) {
      const mine = last.then(() => answer(request, hooks));
      last = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      if (closed) return;
      closed = true;
      await last;
      await network.release();
    },
  };
}

/** @throws ModelFailure `bad-request` */
function refuseWhatItCannot({ schema }: ModelRequest, length: number, context: number): void {
  if (schema !== null) {
    throw new ModelFailure(
      'bad-request',
      'The small model of the lab cannot keep to a JSON schema.',
      'Ask it for free text, or choose another executor.',
    );
  }
  if (length >= context) {
    throw new ModelFailure(
      'bad-request',
      `The prompt has ${length} tokens, and the small model of the lab reads at most ${context - 1}.`,
      'Give it fewer or shorter notes or a shorter skill, or choose another executor.',
    );
  }
}

/** The first of the largest. */
function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
