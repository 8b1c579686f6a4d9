/** A language model in this tab, by WebLLM: its weights on this device's GPU, its engine in a worker of its own. */
import type { ChatCompletionChunk, ChatCompletionRequestStreaming } from '@mlc-ai/web-llm';
import { z } from 'zod';
import { checkRequest } from '../checkRequest.ts';
import type { Turn, TurnTaker } from '../gpuTurns.ts';
import type { Completion, CompletionHooks, LanguageModel, ModelRequest } from '../languageModel.ts';
import { ModelFailure } from '../modelFailure.ts';
import { type AdapterFacts, adapterOf, type DeviceFacts, readDevice } from './device.ts';
import type { Artefacts, Downloaded, Progress } from './download.ts';
import { type Engine, loadEngine, WEBLLM_VERSION } from './engine.ts';
import { engineFailure, failureOfKind } from './failures.ts';
import { canRun, listModels, type ModelRecord } from './models.ts';
import { type FromWorker, isOurs, receivedFailure, type ToWorker } from './protocol.ts';
import type { WebLLMSettings } from './settings.ts';
import { webllmSettingsSchema } from './settings.ts';

/** The worker as this side sees it. */
export interface ModelWorker {
  post(message: unknown): void;
  /** Called once, before anything is posted. */
  listen(onMessage: (message: unknown) => void, onCrash: (why: string) => void): void;
  terminate(): void;
}

/** What this device and this page give; a test gives something else. */
export interface WebLLMPlatform {
  readonly readDevice: () => Promise<DeviceFacts>;
  readonly loadEngine: () => Promise<Engine>;
  readonly startWorker: () => ModelWorker;
  readonly now: () => number;
}

export interface WebLLMHooks {
  /** Aborted while the model is loaded: that ends with the signal's reason. Files that are complete stay for the next time. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Where a training run shares the GPU: each token takes a turn, and each tensor of the weights while they are loaded.
   * Left to whoever joined it; not left by `close`.
   */
  readonly turns?: TurnTaker;
  readonly platform?: Partial<WebLLMPlatform>;
}

/** What a model was asked since it was loaded. */
export interface Totals {
  readonly requests: number;
  /** Ended by their signals, a failure, or closing. Their tokens are not known. */
  readonly broken: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly milliseconds: number;
}

export interface WebLLM extends LanguageModel {
  readonly adapter: AdapterFacts;
  totals(): Totals;
}

function browserWorker(): ModelWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'webllm' });
  return {
    post: (message) => worker.postMessage(message),
    listen: (onMessage, onCrash) => {
      worker.onmessage = ({ data }: MessageEvent<unknown>) => onMessage(data);
      worker.onmessageerror = () => onCrash('a message of the worker could not be read');
      worker.onerror = (event) => {
        event.preventDefault();
        onCrash(event.message || 'its program could not be loaded');
      };
    },
    terminate: () => worker.terminate(),
  };
}

const browser: WebLLMPlatform = {
  readDevice: () => readDevice(),
  loadEngine,
  startWorker: browserWorker,
  now: () => performance.now(),
};

/** Parsed settings as an entry of the engine's list. */
function recordOf(
  { model, contextTokens }: z.output<typeof webllmSettingsSchema>,
  list: readonly ModelRecord[],
): ModelRecord {
  const context = contextTokens === undefined ? {} : { context_window_size: contextTokens, sliding_window_size: -1 };
  if (typeof model === 'string') {
    const listed = list.find(({ model_id }) => model_id === model);
    if (listed === undefined || listed.model_type === 1) {
      throw new ModelFailure(
        'not-found',
        `WebLLM ${WEBLLM_VERSION} lists no language model "${model}".`,
        'Choose one of its list, or give the addresses of weights and library.',
      );
    }
    return { ...listed, overrides: { ...listed.overrides, ...context } };
  }
  return { model: model.weights, model_id: model.weights, model_lib: model.library, overrides: context };
}

/** Names all that may change an answer: version, weights, library, context, thinking, and the GPU, which rounds its own way. */
function nameOf(settings: z.output<typeof webllmSettingsSchema>, record: ModelRecord, adapter: AdapterFacts): string {
  const parts = [
    `webllm ${WEBLLM_VERSION}`,
    record.model_id,
    ...(typeof settings.model === 'string' ? [] : [record.model_lib, JSON.stringify(settings.model.integrity ?? {})]),
    `context ${record.overrides?.context_window_size ?? "of the model's config"}`,
    ...(settings.thinking ? ['thinking'] : []),
    `on ${[adapter.vendor, adapter.architecture].filter((word) => word !== '').join(' ') || 'an unnamed GPU'}`,
  ];
  return parts.join(', ');
}

/**
 * Loads a model. Asks for a GPU first, so that nothing is downloaded in vain; then downloads what is missing; then loads it.
 * @throws ModelFailure that says what to do, or the signal's reason
 */
export async function createWebLLM(input: WebLLMSettings, hooks: WebLLMHooks = {}): Promise<WebLLM> {
  const parsed = webllmSettingsSchema.safeParse(input);
  if (!parsed.success) {
    throw new ModelFailure(
      'bad-request',
      `The settings of WebLLM are wrong: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      'Correct them.',
    );
  }
  const settings = parsed.data;
  const platform: WebLLMPlatform = { ...browser, ...hooks.platform };
  const { signal } = hooks;

  signal?.throwIfAborted();
  const device = await platform.readDevice();
  const adapter = adapterOf(device);
  signal?.throwIfAborted();
  const engine = await platform.loadEngine().catch((error: unknown) => {
    throw failureOfKind('unreachable', 'The program of WebLLM could not be loaded from where this page lies', {
      cause: error,
    });
  });
  signal?.throwIfAborted();
  const record = recordOf(settings, engine.prebuiltAppConfig.model_list);
  // With the others, so that its twin in f32 is found.
  const [listed] = listModels([record, ...engine.prebuiltAppConfig.model_list]);
  const verdict = canRun(listed, device);
  if (verdict.runs === 'no')
    throw new ModelFailure('unsupported', `${record.model_id}: ${verdict.why}`, verdict.advice);

  const model = new WebLLMModel(nameOf(settings, record, adapter), adapter, platform, hooks);
  const cancel = (): void => model.end(signal?.reason);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await model.load(engine, record, settings, hooks.onProgress);
  } catch (error) {
    model.end(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  return model;
}

/** Of the empty thought that the engine puts before an answer without thinking. */
const NO_THOUGHT = '<think>\n\n</think>\n\n';
/** Its tokens, which the engine counts against `max_tokens`: the two marks and two line breaks are one token each in Qwen3. */
const NO_THOUGHT_TOKENS = 4;
const THINKS = /^Qwen3/;

/** The generator of 0.2.86 takes numbers below this, and fails on those below 0. */
const SEEDS = 2 ** 31 - 1;

/** How long an engine that is closed may take to give its memory back before its worker is stopped. */
const UNLOAD_MILLISECONDS = 3000;

type EngineClient = InstanceType<Engine['WebWorkerMLCEngine']>;

class WebLLMModel implements WebLLM {
  readonly id: string;
  readonly concurrency = 1;
  readonly adapter: AdapterFacts;
  readonly #worker: ModelWorker;
  readonly #now: () => number;
  readonly #turns: TurnTaker | null;
  readonly #channel: { onmessage: ((message: unknown) => void) | null; postMessage: (message: unknown) => void };
  #engine: EngineClient | null = null;
  #modelId = '';
  #emptyThought = false;
  #dollarRoles: ReadonlySet<string> = new Set();
  /** Why nothing is answered any more, boxed, since a signal's reason may be anything. */
  #over: { readonly reason: unknown } | null = null;
  #closing: Promise<void> | null = null;
  /** Ends of what waits for the worker. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #tail: Promise<void> = Promise.resolve();
  #onDownload: { done: (downloaded: Downloaded) => void; failed: (failure: ModelFailure) => void } | null = null;
  #onProgress: ((progress: Progress) => void) | undefined;
  /** While the engine loads and takes turns: the one that it has, if any, and what ends its waiting. */
  #load: { turn: Turn | null; readonly over: AbortController } | null = null;
  readonly #totals = { requests: 0, broken: 0, promptTokens: 0, completionTokens: 0, milliseconds: 0 };

  constructor(id: string, adapter: AdapterFacts, platform: WebLLMPlatform, hooks: WebLLMHooks) {
    this.id = id;
    this.adapter = adapter;
    this.#now = platform.now;
    this.#turns = hooks.turns ?? null;
    this.#worker = platform.startWorker();
    this.#channel = { onmessage: null, postMessage: (message) => this.#worker.post(message) };
    this.#worker.listen(
      (message) => this.#receive(message),
      (why) => this.end(failureOfKind('server-error', `The worker of WebLLM stopped: ${why}`)),
    );
  }

  async load(
    engine: Engine,
    record: ModelRecord,
    settings: z.output<typeof webllmSettingsSchema>,
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<void> {
    this.#onProgress = onProgress;
    const integrity = typeof settings.model === 'string' ? undefined : settings.model.integrity;
    const artefacts: Artefacts = { weights: record.model, library: record.model_lib, integrity };
    const downloaded = await this.#orOver(
      new Promise<Downloaded>((done, failed) => {
        this.#onDownload = { done, failed };
        this.#worker.post({ lab: 'download', artefacts } satisfies ToWorker);
      }),
    );
    this.#modelId = record.model_id;
    this.#emptyThought = THINKS.test(record.model_id) && !settings.thinking;
    // The engine fills in the system prompt with `String.replace` always, the roles' where a template says so.
    this.#dollarRoles = new Set(['system', ...(record.model_manifest === undefined ? downloaded.dollarRoles : [])]);
    const client = new engine.WebWorkerMLCEngine(this.#channel, {
      appConfig: { model_list: [engineRecord(record, integrity)], cacheBackend: 'cache' },
      logLevel: 'ERROR',
      initProgressCallback: ({ progress, text }) => {
        const fraction = Number.isFinite(progress) ? progress : null;
        this.#onProgress?.({
          phase: 'load',
          files: 0,
          ofFiles: 0,
          bytes: Math.round((fraction ?? 0) * downloaded.bytes),
          ofBytes: downloaded.bytes,
          fraction,
          text,
        });
      },
    });
    this.#beginLoad();
    try {
      await this.#orOver(client.reload(record.model_id));
      // An aborted fetch makes `reload` return as if nothing had happened, with no model.
      await this.#orOver(client.getMessage(record.model_id));
    } catch (error) {
      throw this.#over === null ? engineFailure(error, 'Loading the model') : error;
    } finally {
      this.#endLoad();
    }
    this.#engine = client;
  }

  #beginLoad(): void {
    if (this.#turns === null) return;
    this.#load = { turn: null, over: new AbortController() };
    this.#worker.post({ lab: 'slices', wanted: true } satisfies ToWorker);
  }

  #endLoad(): void {
    if (this.#load === null) return;
    this.#load.over.abort();
    this.#load.turn?.end();
    this.#load = null;
    this.#worker.post({ lab: 'slices', wanted: false } satisfies ToWorker);
  }

  /** The engine waits before a slice of its loading. */
  async #sliceOfLoad(): Promise<void> {
    const [load, turns] = [this.#load, this.#turns];
    if (load === null || turns === null) return;
    const { signal } = load.over;
    try {
      if (load.turn === null) {
        const turn = await turns.turn(signal, 'load');
        // It came in the moment in which loading ended.
        if (signal.aborted) turn.end();
        else load.turn = turn;
      } else await load.turn.next();
      if (!signal.aborted) this.#worker.post({ lab: 'goOn' } satisfies ToWorker);
    } catch (error) {
      if (!signal.aborted) this.end(error);
    }
  }

  totals(): Totals {
    return { ...this.#totals };
  }

  get over(): boolean {
    return this.#over !== null;
  }

  async complete(request: ModelRequest, hooks: CompletionHooks = {}): Promise<Completion> {
    const { signal } = hooks;
    if (this.#over !== null) throw this.#over.reason;
    checkRequest(request);
    signal?.throwIfAborted();
    const before = this.#tail;
    let free = (): void => {};
    this.#tail = new Promise((resolve) => {
      free = resolve;
    });
    try {
      await this.#orOver(abortable(before, signal));
      const completion = await this.#answer(request, hooks);
      this.#totals.requests += 1;
      this.#totals.promptTokens += completion.promptTokens;
      this.#totals.completionTokens += completion.completionTokens;
      this.#totals.milliseconds += completion.milliseconds;
      return completion;
    } catch (error) {
      this.#totals.requests += 1;
      this.#totals.broken += 1;
      throw error;
    } finally {
      // One that gave up while it waited lets nobody pass the one before it.
      before.then(free, free);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Nothing is answered from now on. What waits ends with `reason`, and the worker stops with all that it holds. */
  end(reason: unknown): void {
    if (this.#over !== null) return;
    this.#stopAnswering(reason);
    this.#worker.terminate();
  }

  #stopAnswering(reason: unknown): void {
    this.#over = { reason };
    for (const stop of this.#waiting) stop(reason);
    this.#waiting.clear();
  }

  async #close(): Promise<void> {
    if (this.#over !== null) return;
    this.#stopAnswering(
      new ModelFailure('closed', `The model ${this.id} was closed.`, 'Load it again to ask it more.'),
    );
    if (this.#engine !== null) {
      this.#engine.interruptGenerate();
      const unloaded = this.#engine.unload().catch(() => {});
      await Promise.race([unloaded, new Promise((resolve) => setTimeout(resolve, UNLOAD_MILLISECONDS))]);
    }
    this.#worker.terminate();
  }

  async #answer(request: ModelRequest, { signal, onText }: CompletionHooks): Promise<Completion> {
    const engine = this.#engine;
    if (engine === null) throw new Error('A model answers after it was loaded.');
    const started = this.#now();
    const turn = await this.#turn(signal);
    const interrupt = (): void => engine.interruptGenerate();
    signal?.addEventListener('abort', interrupt);
    try {
      // The engine goes on from what it holds where a request begins like the last one; equal requests shall be equal.
      await this.#orOver(engine.resetChat(false, this.#modelId));
      const stream = await this.#orOver(engine.chatCompletion(this.#bodyOf(request)));
      const end = await this.#read(stream[Symbol.asyncIterator](), turn, signal, onText);
      const text = this.#visible(await this.#orOver(engine.getMessage(this.#modelId)));
      // The engine takes back what it told where that was the beginning of a stop string.
      if (text !== end.told) onText?.(text);
      if (request.schema !== null && end.finish === 'stop') expectJson(text);
      const { finish, promptTokens, completionTokens } = end;
      return { text, finish, promptTokens, completionTokens, milliseconds: this.#now() - started, cost: 0 };
    } catch (error) {
      if (this.#over !== null) throw this.#over.reason;
      signal?.throwIfAborted();
      throw typeof error === 'string' ? engineFailure(error, 'The answer') : error;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      turn?.end();
    }
  }

  /** A turn on the GPU; null where nobody shares it. */
  async #turn(signal: AbortSignal | undefined): Promise<Turn | null> {
    if (this.#turns === null) return null;
    const asked = this.#turns.turn(signal);
    try {
      return await this.#orOver(asked);
    } catch (error) {
      // A turn that comes to a model that is over ends at once: nobody else could end it.
      asked.then(
        (turn) => turn.end(),
        () => {},
      );
      throw error;
    }
  }

  /** Draws the answer token by token: the engine computes one when it is asked for the next, and not ahead. */
  async #read(
    iterator: AsyncIterator<ChatCompletionChunk>,
    turn: Turn | null,
    signal: AbortSignal | undefined,
    onText: ((soFar: string) => void) | undefined,
  ): Promise<Pick<Completion, 'finish' | 'promptTokens' | 'completionTokens'> & { readonly told: string }> {
    let [whole, told] = ['', ''];
    let finish: string | null = null;
    let usage: ChatCompletionChunk['usage'];
    let done = false;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const step = await this.#orOver(iterator.next());
        if (step.done === true) break;
        const [choice] = step.value.choices;
        usage = step.value.usage ?? usage;
        finish = choice?.finish_reason ?? finish;
        whole += choice?.delta.content ?? '';
        const visible = this.#visible(whole);
        if (visible !== told) {
          told = visible;
          onText?.(told);
        }
        await turn?.next();
      }
      done = true;
    } finally {
      // Gives the engine's lock back, wherever the answer stands; after that it is free for the next.
      if (!done && this.#over === null) await this.#orOver(Promise.resolve(iterator.return?.())).catch(() => {});
    }
    signal?.throwIfAborted();
    if ((finish !== 'stop' && finish !== 'length') || usage === undefined) {
      throw failureOfKind(
        'server-error',
        `The engine ended an answer with "${finish}" and ${usage ? 'its' : 'no'} usage`,
      );
    }
    return { finish, promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens, told };
  }

  /** The engine lets fields pass that it does not know, so only these are sent, and each of them is one that it reads. */
  #bodyOf({ messages, maxTokens, seed, schema }: ModelRequest): ChatCompletionRequestStreaming {
    return {
      model: this.#modelId,
      messages: messages.map(({ role, content }) => ({
        role,
        content: this.#dollarRoles.has(role) ? content.replaceAll('$', '$$$$') : content,
      })),
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: maxTokens + (this.#emptyThought ? NO_THOUGHT_TOKENS : 0),
      temperature: 0,
      top_p: 1,
      // Without these the model's own config decides.
      frequency_penalty: 0,
      presence_penalty: 0,
      repetition_penalty: 1,
      seed: ((seed % SEEDS) + SEEDS) % SEEDS,
      ...(schema === null ? {} : { response_format: { type: 'json_object', schema: JSON.stringify(schema) } }),
      ...(this.#emptyThought ? { extra_body: { enable_thinking: false } } : {}),
    };
  }

  #visible(whole: string): string {
    return this.#emptyThought && whole.startsWith(NO_THOUGHT) ? whole.slice(NO_THOUGHT.length) : whole;
  }

  #receive(message: unknown): void {
    if (!isOurs<FromWorker>(message)) {
      this.#channel.onmessage?.(message);
      return;
    }
    switch (message.lab) {
      case 'progress':
        if (this.#over === null) this.#onProgress?.(message.progress);
        return;
      case 'downloaded':
        this.#onDownload?.done(message.downloaded);
        return;
      case 'failed':
        this.#onDownload?.failed(receivedFailure(message.failure));
        // After the download it is the engine's own program that failed, and no answer will come.
        if (this.#modelId !== '') this.end(receivedFailure(message.failure));
        return;
      case 'slice':
        void this.#sliceOfLoad();
        return;
      case 'lost': {
        const said = message.said === '' ? '' : `: ${message.said}`;
        this.end(
          message.memory
            ? failureOfKind('out-of-memory', `The GPU ran out of memory for the model${said}`)
            : failureOfKind('device-lost', `The GPU of the model was lost${said}`),
        );
      }
    }
  }

  /** What a worker that was stopped never answers. */
  #orOver<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#over !== null) {
        work.catch(() => {});
        reject(this.#over.reason);
        return;
      }
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }
}

/** The engine's own form, whose types want arrays that can be changed. */
function engineRecord(record: ModelRecord, integrity: Artefacts['integrity']): EngineRecord {
  const { config, library, tokenizer } = integrity ?? {};
  return {
    ...(record as EngineRecord),
    ...(integrity === undefined
      ? {}
      : {
          integrity: {
            ...(config === undefined ? {} : { config }),
            ...(library === undefined ? {} : { model_lib: library }),
            ...(tokenizer === undefined ? {} : { tokenizer: { ...tokenizer } }),
          },
        }),
  };
}
type EngineRecord = Engine['prebuiltAppConfig']['model_list'][number];

function expectJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ModelFailure(
      'malformed',
      'The model was held to a schema and its answer is not JSON.',
      'Ask again with more tokens, or choose another model.',
      { cause: error },
    );
  }
}

/** `work`, or the signal's reason if that comes first. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
