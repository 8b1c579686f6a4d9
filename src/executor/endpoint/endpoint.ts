/**
 * A language model behind an OpenAI-compatible server: vLLM, SGLang, Ray Serve, llama.cpp, Ollama and others.
 *
 * The `openai` client writes requests and reads streams. Sending again is done here and not by the client: every request
 * that is sent must fit the caps, stands in the account, and waits as long as the server asks.
 */
import { z } from 'zod';
import { checkRequest } from '../checkRequest.ts';
import type { Completion, CompletionHooks, LanguageModel, ModelRequest } from '../languageModel.ts';
import { ModelFailure } from '../modelFailure.ts';
import { Account, type Cap, type Entry, estimatedUsage, type Spent, worstUsage } from './account.ts';
import { mixedContent, type Page, pageHere } from './explain.ts';
import type { Fetch } from './guardedFetch.ts';
import { Limiter } from './limiter.ts';
import { delayMs } from './retry.ts';
import { type Client, createSender, Failed, type Sender } from './sending.ts';
import { type EndpointSettings, type EndpointSettingsInput, endpointSettingsSchema } from './settings.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws the signal's reason, as soon as it is aborted */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface EndpointOptions {
  /** Goes to the host of `baseURL` and nowhere else; null or empty: none. */
  readonly key: string | null;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** The page that asks; null: none, as in Node. */
  readonly page?: Page | null;
  /** An endpoint of the same settings that this one takes the place of: its account, and so its caps, go on. */
  readonly before?: LanguageModel | null;
}

export interface Endpoint extends LanguageModel {
  /** What was asked and what it cost, since this endpoint was made, or the one whose place it took. */
  spent(): Spent;
  /**
   * The names of the models that the server has. Counts in no cap.
   * @throws ModelFailure, or the signal's reason
   */
  listModels(signal?: AbortSignal): Promise<readonly string[]>;
}

/** Of every endpoint, for the one that takes its place. */
const accounts = new WeakMap<LanguageModel, Account>();

/** An answer, but for the time that it took. */
type Answered = Omit<Completion, 'milliseconds'>;

/** One request that is under way, and all who asked it. */
interface Flight {
  readonly askers: Set<Asker>;
  readonly controller: AbortController;
}

interface Asker {
  told(soFar: string): void;
  answered(answer: Answered): void;
  failed(reason: unknown): void;
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      }, milliseconds);
      signal.addEventListener('abort', abort, { once: true });
    }),
};

/** The `openai` package, loaded when something is first asked. */
function loadClient(): Promise<Client> {
  return import('openai').catch(() => {
    throw new ModelFailure(
      'unreachable',
      'The part of the lab that asks endpoints was not loaded.',
      'Load the page again.',
    );
  });
}

/** @throws ModelFailure of kind `bad-request` that names every field that is wrong */
function readSettings(input: EndpointSettingsInput): EndpointSettings {
  const parsed = endpointSettingsSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ModelFailure('bad-request', 'The settings of the endpoint are not valid.', `${problems.join('; ')}.`);
}

/** @throws ModelFailure of kind `unauthorised` where no header can hold the key */
function readKey(text: string | null): string | null {
  const key = text?.trim() ?? '';
  if (key === '') return null;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ModelFailure(
    'unauthorised',
    'The key holds a space or a character beyond ASCII, so it cannot be sent.',
    'Copy the key again, without what stands around it.',
  );
}

/** Holds an answer to its schema, as far as zod can read it. @throws ModelFailure of kind `malformed` */
function checkSchema(schema: object, text: string, origin: string): void {
  const fail = (what: string): ModelFailure =>
    new ModelFailure(
      'malformed',
      `${origin} ${what}, so it seems to take no notice of schemas.`,
      'Take a server that knows response_format with json_schema, or a newer version of it.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail('answered with what is not JSON');
  }
  let reader: z.ZodType;
  try {
    reader = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
  } catch {
    return;
  }
  if (!reader.safeParse(value).success) throw fail('answered with JSON that does not keep to the schema');
}

/**
 * @param input checked here
 * @throws ModelFailure of kind `bad-request` for the settings, `unauthorised` for a key that cannot be sent
 */
export function createEndpoint(input: EndpointSettingsInput, options: EndpointOptions): Endpoint {
  const settings = readSettings(input);
  const key = readKey(options.key);
  const clock = options.clock ?? systemClock;
  // Called bare: a browser's `fetch` takes no other `this`.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const page = options.page === undefined ? pageHere() : options.page;
  const base = new URL(settings.baseURL);
  const account = (options.before && accounts.get(options.before)) ?? new Account(settings);
  const limiter = new Limiter(settings.concurrency);
  const flights = new Map<string, Flight>();
  const asking = new Set<Asker>();
  const landings = new Set<Promise<void>>();
  const closing = new AbortController();
  let sender: Promise<Sender> | null = null;

  const readySender = async (): Promise<Sender> => {
    sender ??= loadClient().then((client) => createSender(settings, key, client, fetch, page, () => clock.now()));
    try {
      return await sender;
    } catch (error) {
      sender = null;
      throw error;
    }
  };

  const closed = (): ModelFailure =>
    new ModelFailure('closed', `The endpoint ${settings.model} at ${base.origin} is closed.`, 'Open it again.');

  const capReached = (cap: Cap, worst: number): ModelFailure => {
    const { calls, promptTokens, completionTokens, cost, unreported } = account.spent();
    const limit = { calls: 'requests', tokens: 'tokens', money: 'in money' }[cap];
    const also =
      unreported.calls === 0
        ? ''
        : ` ${unreported.calls} of the requests were not counted by the server; they took at most ${unreported.tokens} tokens more, ${unreported.cost} in money.`;
    const next =
      cap === 'calls' ? '' : ` The next request could take ${worst} ${cap === 'tokens' ? 'tokens' : 'in money'}.`;
    return new ModelFailure(
      'cap-reached',
      `The cap of ${settings.caps[cap]} ${limit} is reached: ${calls} requests took ${promptTokens + completionTokens} tokens, ${cost} in money.${also}${next}`,
      'Raise the cap to go on. What was answered is kept.',
    );
  };

  /** A place in the account, when there is one. @throws ModelFailure of kind `cap-reached`, or the signal's reason */
  const enter = async (request: ModelRequest, isRetry: boolean, signal: AbortSignal): Promise<Entry> => {
    const worst = worstUsage(request);
    for (;;) {
      const entry = account.enter(worst, isRetry);
      if (typeof entry === 'object') return entry;
      if (entry !== 'wait') {
        throw capReached(
          entry,
          entry === 'money' ? account.costOf(worst) : worst.promptTokens + worst.completionTokens,
        );
      }
      await account.ended(signal);
    }
  };

  /** Sends until an answer is there. @throws ModelFailure, or the signal's reason */
  const fly = async (id: string, request: ModelRequest, flight: Flight): Promise<Answered> => {
    const { signal } = flight.controller;
    const sender = await readySender();
    const told = (soFar: string): void => {
      for (const asker of [...flight.askers]) asker.told(soFar);
    };
    for (let tries = 1; ; tries++) {
      const entry = await enter(request, tries > 1, signal);
      const end = await sender.send(request, signal, told).catch((error: unknown) => {
        if (error instanceof Failed) return error;
        entry.settle('unreported');
        throw error;
      });
      if (!(end instanceof Failed)) {
        entry.settle(end.usage ?? 'unreported');
        const { text, finish } = end;
        if (request.schema !== null && finish === 'stop') checkSchema(request.schema, text, base.origin);
        const usage = end.usage ?? estimatedUsage(request, text, finish);
        return { text, finish, ...usage, cost: account.costOf(usage) };
      }
      entry.settle(end.took);
      signal.throwIfAborted();
      if (!end.passing || tries > settings.maxRetries) throw end.failure;
      await clock.sleep(delayMs(id, tries, end.retryAfter, settings), signal);
    }
  };

  const take = (id: string, request: ModelRequest): Flight => {
    const flight: Flight = { askers: new Set(), controller: new AbortController() };
    flights.set(id, flight);
    const landed = limiter
      .run(() => fly(id, request, flight), flight.controller.signal)
      .then(
        (answer) => {
          leave(id, flight);
          // It was paid once, by the first who asked.
          for (const [index, asker] of [...flight.askers].entries()) {
            asker.answered(index === 0 ? answer : { ...answer, cost: 0 });
          }
        },
        (reason: unknown) => {
          leave(id, flight);
          for (const asker of [...flight.askers]) asker.failed(reason);
        },
      )
      .finally(() => landings.delete(landed));
    landings.add(landed);
    return flight;
  };

  /** Who asks the same from now on asks anew. */
  const leave = (id: string, flight: Flight): void => {
    if (flights.get(id) === flight) flights.delete(id);
  };

  const ask = (request: ModelRequest, { signal, onText }: CompletionHooks): Promise<Completion> => {
    const started = performance.now();
    const { messages, maxTokens, seed, schema } = request;
    const id = JSON.stringify([messages.map(({ role, content }) => [role, content]), maxTokens, seed, schema]);
    const flight = flights.get(id) ?? take(id, request);
    return new Promise((resolve, reject) => {
      let heard = '';
      const hear = (soFar: string): void => {
        heard = soFar;
        onText?.(soFar);
      };
      const abort = (): void => asker.failed(signal?.reason);
      const isOver = (): boolean => !flight.askers.has(asker);
      const end = (): void => {
        flight.askers.delete(asker);
        asking.delete(asker);
        signal?.removeEventListener('abort', abort);
      };
      const asker: Asker = {
        told: (soFar) => {
          // Sent again, an answer begins anew; it is told when it is longer than what was heard.
          if (soFar.length <= heard.length) return;
          try {
            hear(soFar);
          } catch (error) {
            asker.failed(error);
          }
        },
        answered: (answer) => {
          try {
            if (answer.text !== heard) hear(answer.text);
          } catch (error) {
            asker.failed(error);
          }
          // Whoever hears an answer may abort or close.
          if (isOver()) return;
          end();
          resolve({ ...answer, milliseconds: performance.now() - started });
        },
        failed: (reason) => {
          if (isOver()) return;
          end();
          reject(reason);
          if (flight.askers.size > 0) return;
          leave(id, flight);
          flight.controller.abort(reason);
        },
      };
      flight.askers.add(asker);
      asking.add(asker);
      signal?.addEventListener('abort', abort, { once: true });
    });
  };

  const endpoint: Endpoint = {
    id: [
      `${settings.model} at ${settings.weights ?? settings.baseURL}`,
      ...(settings.tokenLimit === 'max_tokens' ? [] : [settings.tokenLimit]),
    ].join(', '),
    concurrency: settings.concurrency,
    complete: async (request, hooks = {}) => {
      if (closing.signal.aborted) throw closed();
      hooks.signal?.throwIfAborted();
      checkRequest(request);
      const mixed = mixedContent(base, page);
      if (mixed !== null) throw mixed;
      return ask(request, hooks);
    },
    close: async () => {
      closing.abort();
      for (const asker of [...asking]) asker.failed(closed());
      await Promise.all(landings);
    },
    spent: () => account.spent(),
    listModels: async (signal) => {
      if (closing.signal.aborted) throw closed();
      signal?.throwIfAborted();
      const mixed = mixedContent(base, page);
      if (mixed !== null) throw mixed;
      const either = AbortSignal.any(signal === undefined ? [closing.signal] : [closing.signal, signal]);
      try {
        return await (await readySender()).listModels(either);
      } catch (error) {
        if (closing.signal.aborted) throw closed();
        signal?.throwIfAborted();
        throw error instanceof Failed ? error.failure : error;
      }
    },
  };
  accounts.set(endpoint, account);
  return endpoint;
}
