/** One request, sent once: what is asked, what comes back, and what a failure means. */
import type OpenAI from 'openai';
import type { ModelRequest } from '../languageModel.ts';
import { ModelFailure, type ModelFailureKind } from '../modelFailure.ts';
import type { Usage } from './account.ts';
import { countedSchema, modelsSchema, pieceSchema, wholeSchema } from './answer.ts';
import { explainNoAnswer, type Page } from './explain.ts';
import { type Fetch, guardedFetch } from './guardedFetch.ts';
import { isPassing, retryAfterMs } from './retry.ts';
import type { EndpointSettings } from './settings.ts';

/** An answer, whole. */
export interface Answer {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** null: the server gave no count. */
  readonly usage: Usage | null;
}

/** A request without an answer. */
export class Failed extends Error {
  override readonly name = 'Failed';
  constructor(
    readonly failure: ModelFailure,
    /** Whether another try may bring one. */
    readonly passing: boolean,
    /** What the server took for it. */
    readonly took: Usage | 'nothing' | 'unreported',
    /** What it asks to wait, in milliseconds. */
    readonly retryAfter: number | null = null,
  ) {
    super(failure.message);
  }
}

/** What a server may send around an answer, and for each of its tokens: an event with ids and names. */
const BYTES_PER_ANSWER = 2 ** 18;
const BYTES_PER_TOKEN = 2 ** 12;
const BYTES_OF_MODELS = 2 ** 22;
/** The client's own time-out, which is not used: none of the lab's is longer. */
const NEVER_MS = 2 ** 31 - 1;
const PROBE_MS = 5000;
/** Characters; what is shorter keeps nobody out. */
const SHORTEST_SECRET = 8;

export type Client = typeof import('openai');

export interface Sender {
  /**
   * @param told hears the answer so far
   * @throws Failed
   */
  send(request: ModelRequest, signal: AbortSignal, told: (soFar: string) => void): Promise<Answer>;
  /** @throws Failed */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * @param client the `openai` package
 * @param now milliseconds since 1970
 */
export function createSender(
  settings: EndpointSettings,
  key: string | null,
  client: Client,
  fetch: Fetch,
  page: Page | null,
  now: () => number,
): Sender {
  const base = new URL(settings.baseURL);
  const keyAnywhere = key === null ? null : new RegExp(key.replace(/[^a-z0-9]/gi, '\\$&'), 'gi');
  /** Whether a server said the key. A word that stands where none is needed, as "none", may well be an answer. */
  const holdsKey = (text: string): boolean => key !== null && key.length >= SHORTEST_SECRET && text.includes(key);
  let answeredBefore = false;

  /** A line of what a server said, without the key. */
  const clean = (text: string): string => {
    const line = (keyAnywhere === null ? text : text.replace(keyAnywhere, '[key]')).replace(/\s+/g, ' ').trim();
    return line.length > 200 ? `${line.slice(0, 199)}…` : line;
  };

  const malformed = (what: string, took: Failed['took'], passing: boolean, advice?: string): Failed =>
    new Failed(
      new ModelFailure(
        'malformed',
        `${base.origin} ${what}.`,
        advice ?? 'Look whether the server is OpenAI-compatible, and at its log.',
      ),
      passing,
      took,
    );

  /** What a status that is no success says. */
  const refusal = (status: number, code: unknown, message: string, headers: Headers | undefined): Failed => {
    const noCredit = status === 402 || code === 'insufficient_quota';
    const fail = (kind: ModelFailureKind, advice: string): Failed =>
      new Failed(
        new ModelFailure(kind, `${base.origin} refused: ${clean(message).replace(/\.$/, '')}.`, advice),
        isPassing(status) && !noCredit,
        // Behind a gateway that gave up, a server may go on.
        [408, 504, 524].includes(status) ? 'unreported' : 'nothing',
        retryAfterMs(headers?.get('retry-after') ?? null, now()),
      );
    if (noCredit) return fail('rate-limited', 'The account at this server has no credit left: add some there.');
    if (status === 401 || status === 403) return fail('unauthorised', 'Give the key that this server wants.');
    if (status === 404 || status === 405 || status === 410) {
      return fail('not-found', 'See whether the address is right (most end in /v1), and the name of the model.');
    }
    if (status === 408) return fail('timeout', 'Ask for fewer tokens, or for fewer things at once.');
    if (status === 429) return fail('rate-limited', 'Lower the concurrency, or go on later.');
    if (status === 409 || status >= 500) return fail('server-error', 'See the log of the server, and go on later.');
    return fail(
      'bad-request',
      /context|too long|too many tokens|maximum.*(length|tokens)/i.test(message)
        ? 'Shorten the prompt, ask for fewer tokens, or serve the model with a longer context.'
        : 'See whether the server knows the model and the fields temperature, seed, response_format and max_tokens (the setting tokenLimit).',
    );
  };

  /**
   * A client for one request. What its `fetch` throws is kept in `thrown`, because the client wraps it.
   */
  const connect = (
    maxBytes: number,
    mediaType: 'text/event-stream' | 'application/json',
  ): { openai: OpenAI; thrown: () => unknown } => {
    let thrown: unknown = null;
    const guarded = guardedFetch({
      fetch,
      base,
      key,
      maxBytes,
      mediaType,
      otherTypeAdvice: `See whether the address is right (most end in /v1)${
        mediaType === 'text/event-stream' ? '. If the server cannot stream, set streamed to false' : ''
      }.`,
      clean,
    });
    const openai = new client.OpenAI({
      baseURL: settings.baseURL,
      // The key is put in by `guardedFetch`, so no object of the client holds it. What is null here would else be read
      // from the environment, and belongs to another host.
      apiKey: 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // The client refuses to run in a page, lest a page brings its maker's key to its visitors. Here a visitor brings a
      // key of their own, for a host that they name.
      dangerouslyAllowBrowser: true,
      logLevel: 'off',
      maxRetries: 0,
      timeout: NEVER_MS,
      fetch: async (url, init) => {
        try {
          const response = await guarded(url, init);
          answeredBefore = true;
          return response;
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
    return { openai, thrown: () => thrown };
  };

  /** What went wrong. `usage` is what the server had counted by then. */
  const explain = async (
    error: unknown,
    thrown: unknown,
    usage: Usage | null,
    signal: AbortSignal,
  ): Promise<Failed> => {
    const took = usage ?? 'unreported';
    if (thrown instanceof ModelFailure) return new Failed(thrown, false, took);
    if (error instanceof ModelFailure) return new Failed(error, false, took);
    if (thrown !== null) {
      const { failure, passing, neverSent } = await explainNoAnswer(thrown, base, page, answeredBefore, () =>
        // Without the key, and nothing is read: this much a browser lets a page ask of any server.
        fetch(`${settings.baseURL}/models`, {
          mode: 'no-cors',
          credentials: 'omit',
          cache: 'no-store',
          referrerPolicy: 'no-referrer',
          signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
        }),
      );
      return new Failed(failure, passing, neverSent ? 'nothing' : took);
    }
    if (error instanceof client.APIError && !(error instanceof client.APIConnectionError)) {
      if (error.status !== undefined) return refusal(error.status, error.code, error.message, error.headers);
      return new Failed(
        new ModelFailure(
          'server-error',
          `${base.origin} broke its answer off: ${clean(error.message)}.`,
          'See the log of the server.',
        ),
        true,
        took,
      );
    }
    if (error instanceof SyntaxError) return malformed('sent an answer that is not JSON', took, true);
    return new Failed(
      new ModelFailure(
        'server-error',
        `The connection to ${base.origin} was cut in the middle of an answer.`,
        'See the log of the server and of what stands in front of it: proxies cut what takes long.',
      ),
      true,
      took,
    );
  };

  /** The answer that a reason to finish stands for. @throws Failed */
  const finished = (text: string, reason: string | null | undefined, usage: Usage | null): Answer => {
    const took = usage ?? 'unreported';
    if (holdsKey(text)) throw malformed('put the key into its answer', took, false);
    if (reason === 'stop' || reason === 'length') return { text, finish: reason, usage };
    if (reason === null || reason === undefined) throw malformed('ended its answer before it was whole', took, true);
    throw malformed(
      `ended its answer with "${clean(reason)}"`,
      took,
      false,
      reason === 'content_filter' ? 'Its filter held the answer back: change the task.' : undefined,
    );
  };

  /**
   * Runs a request under the time-out.
   * @param got what the request had come to when it failed: a whole answer all the same, or the tokens counted
   * @throws Failed
   */
  const timed = async <T>(
    signal: AbortSignal,
    thrown: () => unknown,
    job: (signal: AbortSignal) => Promise<T>,
    got: () => { readonly whole: T | null; readonly usage: Usage | null },
  ): Promise<T> => {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), settings.timeoutMs);
    const either = AbortSignal.any([signal, timeout.signal]);
    try {
      const result = await job(either);
      // The client ends a stream that is aborted as if it were whole.
      either.throwIfAborted();
      return result;
    } catch (error) {
      if (signal.aborted) {
        const failure = new ModelFailure('closed', `The request to ${base.origin} was given up.`, 'Ask again.');
        throw new Failed(failure, false, got().usage ?? 'unreported');
      }
      if (error instanceof Failed) throw error;
      const { whole, usage } = got();
      if (whole !== null) return whole;
      if (timeout.signal.aborted) {
        const failure = new ModelFailure(
          'timeout',
          `${base.origin} did not finish its answer within ${settings.timeoutMs} ms.`,
          'Raise timeoutMs, ask for fewer tokens, or for fewer things at once.',
        );
        throw new Failed(failure, true, usage ?? 'unreported');
      }
      throw await explain(error, thrown(), usage, signal);
    } finally {
      clearTimeout(timer);
    }
  };

  const bodyOf = ({ messages, maxTokens, seed, schema }: ModelRequest) => ({
    model: settings.model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    temperature: 0,
    seed,
    ...(settings.tokenLimit === 'max_tokens' ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
    ...(schema === null
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'answer', strict: true, schema: { ...schema } },
          },
        }),
  });

  const sendPlain = (request: ModelRequest, signal: AbortSignal): Promise<Answer> => {
    const { openai, thrown } = connect(BYTES_PER_ANSWER + BYTES_PER_TOKEN * request.maxTokens, 'application/json');
    return timed(
      signal,
      thrown,
      async (either) => {
        const raw: unknown = await openai.chat.completions.create(bodyOf(request), { signal: either });
        const counted = countedSchema.safeParse(raw);
        const usage = (counted.success ? counted.data.usage : null) ?? null;
        const parsed = wholeSchema.safeParse(raw);
        if (!parsed.success) throw malformed('sent what is no answer', usage ?? 'unreported', true);
        const [{ message, finish_reason }] = parsed.data.choices;
        return finished(message.content ?? '', finish_reason, usage);
      },
      () => ({ whole: null, usage: null }),
    );
  };

  const sendStreamed = (request: ModelRequest, signal: AbortSignal, told: (soFar: string) => void): Promise<Answer> => {
    const { openai, thrown } = connect(BYTES_PER_ANSWER + BYTES_PER_TOKEN * request.maxTokens, 'text/event-stream');
    let text = '';
    let reason: string | null = null;
    let usage: Usage | null = null;
    return timed(
      signal,
      thrown,
      async (either) => {
        const stream = await openai.chat.completions.create(
          { ...bodyOf(request), stream: true, stream_options: { include_usage: true } },
          { signal: either },
        );
        for await (const raw of stream) {
          const parsed = pieceSchema.safeParse(raw);
          if (!parsed.success) throw malformed('sent what is no part of an answer', usage ?? 'unreported', true);
          usage = parsed.data.usage ?? usage;
          const piece = parsed.data.choices?.at(0);
          reason = piece?.finish_reason ?? reason;
          const more = piece?.delta?.content ?? '';
          if (more === '') continue;
          text += more;
          if (holdsKey(text)) {
            throw malformed('put the key into its answer', usage ?? 'unreported', false);
          }
          told(text);
        }
        either.throwIfAborted();
        return finished(text, reason, usage);
      },
      // After its last word an answer is whole, however the connection ended.
      () => ({ whole: reason === null ? null : finished(text, reason, usage), usage }),
    );
  };

  return {
    send: (request, signal, told) =>
      settings.streamed ? sendStreamed(request, signal, told) : sendPlain(request, signal),
    listModels: (signal) => {
      const { openai, thrown } = connect(BYTES_OF_MODELS, 'application/json');
      return timed(
        signal,
        thrown,
        async (either) => {
          const parsed = modelsSchema.safeParse(await openai.get('/models', { signal: either }));
          if (!parsed.success) throw malformed('sent what is no list of models', 'nothing', false);
          return parsed.data.data.map(({ id }) => id);
        },
        () => ({ whole: null, usage: null }),
      );
    },
  };
}
