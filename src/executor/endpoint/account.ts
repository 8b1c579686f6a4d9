/**
 * What an endpoint was asked and what it cost, and the caps on it. A request is entered before it is sent, with the most
 * that it can cost, and settled when it has ended. So no cap is passed, however many requests are under way.
 */
import type { ModelRequest } from '../languageModel.ts';
import type { EndpointSettings } from './settings.ts';

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface Spent {
  /** Requests sent, those sent again included. */
  readonly calls: number;
  /** Those of them that were sent again. */
  readonly retries: number;
  /** As the server counted them. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** In money. */
  readonly cost: number;
  /**
   * Requests of which the server did not tell what they took: cut off, timed out, aborted, or answered without a count.
   * The most that they can have taken counts in the caps.
   */
  readonly unreported: { readonly calls: number; readonly tokens: number; readonly cost: number };
}

export type Cap = keyof EndpointSettings['caps'];

export interface Entry {
  /** Ends with what the server counted, with nothing where it did no work, or without a count. Only the first end counts. */
  settle(end: Usage | 'nothing' | 'unreported'): void;
}

const UTF8 = new TextEncoder();
/** What a chat template may add to a message: the tokens around it and its role. */
const TOKENS_PER_MESSAGE = 16;
/** What a chat template may add to a dialogue, a system prompt of its own included. */
const TOKENS_PER_DIALOGUE = 128;

const bytesOf = (text: string): number => UTF8.encode(text).length;

/** Bytes of all that a server makes a prompt of. */
function promptBytes({ messages, schema }: ModelRequest): number {
  const texts = messages.reduce((sum, { content }) => sum + bytesOf(content), 0);
  return texts + (schema === null ? 0 : bytesOf(JSON.stringify(schema)));
}

/**
 * The most tokens that a request can take. A token of a byte-level vocabulary stands for a byte at least; to the bytes
 * of the texts and the schema comes what a chat template adds.
 */
export function worstUsage(request: ModelRequest): Usage {
  return {
    promptTokens: promptBytes(request) + TOKENS_PER_MESSAGE * request.messages.length + TOKENS_PER_DIALOGUE,
    completionTokens: request.maxTokens,
  };
}

/** Where a server gives no count: a token for every four bytes, one at least, and all of them where the answer was cut. */
export function estimatedUsage(request: ModelRequest, text: string, finish: 'stop' | 'length'): Usage {
  const quarter = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4));
  return {
    promptTokens: quarter(promptBytes(request)),
    completionTokens: finish === 'length' ? request.maxTokens : Math.min(request.maxTokens, quarter(bytesOf(text))),
  };
}

export class Account {
  readonly #settings: Pick<EndpointSettings, 'caps' | 'promptPrice' | 'completionPrice'>;
  #calls = 0;
  #retries = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #unreportedCalls = 0;
  #unreported: Usage = { promptTokens: 0, completionTokens: 0 };
  /** The most that what is under way can take. */
  readonly #underWay = new Set<Usage>();
  readonly #waiting = new Set<() => void>();

  constructor(settings: Pick<EndpointSettings, 'caps' | 'promptPrice' | 'completionPrice'>) {
    this.#settings = settings;
  }

  /** In money. */
  costOf({ promptTokens, completionTokens }: Usage): number {
    const { promptPrice, completionPrice } = this.#settings;
    return (promptTokens * promptPrice + completionTokens * completionPrice) / 1e6;
  }

  spent(): Spent {
    return {
      calls: this.#calls,
      retries: this.#retries,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      cost: this.costOf({ promptTokens: this.#promptTokens, completionTokens: this.#completionTokens }),
      unreported: {
        calls: this.#unreportedCalls,
        tokens: this.#unreported.promptTokens + this.#unreported.completionTokens,
        cost: this.costOf(this.#unreported),
      },
    };
  }

  /**
   * Enters a request that is about to be sent, unless it could pass a cap.
   * @param worst the most that it can take
   * @returns its entry; `wait` where it may fit when what is under way has ended; the cap where it cannot
   */
  enter(worst: Usage, isRetry: boolean): Entry | 'wait' | Cap {
    const cap = this.#passed(worst);
    if (cap !== null) return cap !== 'calls' && this.#underWay.size > 0 ? 'wait' : cap;
    const held: Usage = { ...worst };
    this.#underWay.add(held);
    this.#calls++;
    if (isRetry) this.#retries++;
    return {
      settle: (end) => {
        if (!this.#underWay.delete(held)) return;
        if (end === 'unreported') {
          this.#unreportedCalls++;
          this.#unreported = sum([this.#unreported, held]);
        } else if (end !== 'nothing') {
          this.#promptTokens += end.promptTokens;
          this.#completionTokens += end.completionTokens;
        }
        for (const wake of [...this.#waiting]) wake();
      },
    };
  }

  /** Resolves when a request has ended. @throws the signal's reason */
  async ended(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = withResolvers();
    const abort = (): void => reject(signal.reason);
    this.#waiting.add(resolve);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      signal.removeEventListener('abort', abort);
    }
  }

  #passed(worst: Usage): Cap | null {
    const { calls, tokens, money } = this.#settings.caps;
    const most = sum([
      { promptTokens: this.#promptTokens, completionTokens: this.#completionTokens },
      this.#unreported,
      ...this.#underWay,
      worst,
    ]);
    if (calls !== null && this.#calls + 1 > calls) return 'calls';
    if (tokens !== null && most.promptTokens + most.completionTokens > tokens) return 'tokens';
    if (money !== null && this.costOf(most) > money) return 'money';
    return null;
  }
}

const sum = (usages: readonly Usage[]): Usage => ({
  promptTokens: usages.reduce((total, { promptTokens }) => total + promptTokens, 0),
  completionTokens: usages.reduce((total, { completionTokens }) => total + completionTokens, 0),
});

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve: () => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
