/**
 * A live executor: carries out calls with a language model or a tool, each once, and knows every answer from then on.
 * What it answers depends on the call, the model and the prompts alone, so it is deterministic as balance requires.
 */
import type { Call, Results } from '../graph/call.ts';
import type { LanguageModel, ModelRequest } from './languageModel.ts';
import { ModelFailure } from './modelFailure.ts';
import type { Prompts } from './prompt.ts';
import { messagesOf, schemaOf, tokensOf } from './prompt.ts';
import type { ResultStore, StoredResult } from './resultStore.ts';
import { resultKey } from './resultStore.ts';

/** Carries out acts without a model, e.g. code in the sandbox. */
export interface Tool {
  /** With its version: results of another version are other results. */
  readonly name: string;
  /** A fault of what it was given is an answer in words; it rejects only where it cannot work at all. */
  run(call: Call, signal?: AbortSignal): Promise<string>;
}
export type Tools = Readonly<Record<string, Tool>>;

export interface ExecutorParts {
  readonly model: LanguageModel;
  readonly prompts: Prompts;
  readonly tools: Tools;
  readonly store: ResultStore;
  /** Of every request. */
  readonly seed: number;
}

/** A result that was asked for here, or used for the first time, in that order. */
export interface UsedResult {
  readonly result: StoredResult;
  /** Whether it was known before: from an earlier visit, or another run. */
  readonly cached: boolean;
}

/** What was spent, on calls that were carried out; what was known costs nothing. */
export interface Spent {
  readonly calls: number;
  readonly cached: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly milliseconds: number;
  readonly cost: number;
}

interface Entry {
  readonly result: StoredResult;
  readonly cached: boolean;
  used: boolean;
}

export class Executor implements Results {
  readonly #parts: ExecutorParts;
  /** By `nameOf`. */
  readonly #known = new Map<string, Entry>();
  /** What the store had, by key, until somebody asks for it. */
  readonly #stored: Map<string, StoredResult>;
  readonly #keys = new Map<string, string>();
  readonly #underWay = new Map<string, { readonly work: Promise<void>; readonly signal: AbortSignal | undefined }>();
  readonly #used: UsedResult[] = [];

  private constructor(parts: ExecutorParts, stored: readonly StoredResult[]) {
    this.#parts = parts;
    this.#stored = new Map(stored.map((result) => [result.key, result]));
  }

  /** An executor that knows what its store has of the model and the tools. */
  static async open(parts: ExecutorParts): Promise<Executor> {
    const names = [parts.model.id, ...Object.values(parts.tools).map(({ name }) => name)];
    const stored = await Promise.all([...new Set(names)].map((name) => parts.store.of(name)));
    return new Executor(parts, stored.flat());
  }

  get model(): LanguageModel {
    return this.#parts.model;
  }

  /** Whether results outlive the page, or why not. */
  get store(): ResultStore {
    return this.#parts.store;
  }

  /** Results in the order in which they were first used. */
  get used(): readonly UsedResult[] {
    return this.#used;
  }

  get spent(): Spent {
    const made = this.#used.flatMap(({ result, cached }) => (cached ? [] : [result]));
    const sum = (field: 'promptTokens' | 'completionTokens' | 'milliseconds' | 'cost'): number =>
      made.reduce((total, result) => total + result[field], 0);
    return {
      calls: made.length,
      cached: this.#used.length - made.length,
      promptTokens: sum('promptTokens'),
      completionTokens: sum('completionTokens'),
      milliseconds: sum('milliseconds'),
      cost: sum('cost'),
    };
  }

  get(call: Call): string | undefined {
    const entry = this.#entry(call);
    if (entry === undefined) return undefined;
    if (!entry.used) {
      entry.used = true;
      this.#used.push({ result: entry.result, cached: entry.cached });
    }
    return entry.result.answer;
  }

  #entry(call: Call): Entry | undefined {
    const name = nameOf(call);
    const known = this.#known.get(name);
    if (known !== undefined || this.#stored.size === 0) return known;
    const stored = this.#stored.get(this.keyOf(call));
    if (stored === undefined) return undefined;
    const entry = { result: stored, cached: true, used: false };
    this.#known.set(name, entry);
    return entry;
  }

  /** The key under which a call's result is kept. It names the call to this executor. */
  keyOf(call: Call): string {
    const name = nameOf(call);
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = this.#asked(call).key;
      this.#keys.set(name, key);
    }
    return key;
  }

  /** What is asked for a call, of whom, and the key of the result. */
  #asked(call: Call): { readonly key: string; readonly by: string; readonly request: ModelRequest | null } {
    const { model, tools, prompts, seed } = this.#parts;
    const tool = tools[call.act];
    if (tool !== undefined) return { key: resultKey(tool.name, call, null), by: tool.name, request: null };
    const request = {
      messages: messagesOf(call, prompts),
      maxTokens: tokensOf(call.act),
      seed,
      schema: schemaOf(call.act),
    };
    return { key: resultKey(model.id, call, request), by: model.id, request };
  }

  /**
   * Carries out calls that are not known, each once however often it stands there, as many at a time as the model
   * takes. Resolves when all are known and stored; where one fails, those under way are waited for first.
   * @throws ModelFailure where the model, a tool or the store cannot go on, NoPrompt, or the signal's reason
   */
  async carryOut(
    calls: readonly Call[],
    {
      signal,
      onProgress,
    }: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, of: number) => void } = {},
  ): Promise<void> {
    const distinct = new Map<string, Call>();
    for (const call of calls) if (this.#entry(call) === undefined) distinct.set(nameOf(call), call);
    const waiting = [...distinct];
    let done = 0;
    let fault: { readonly error: unknown } | null = null;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && fault === null; next = waiting.shift()) {
        try {
          signal?.throwIfAborted();
          await this.#once(...next, signal);
          onProgress?.(++done, distinct.size);
        } catch (error) {
          fault ??= { error };
        }
      }
    };
    const workers = Math.min(Math.max(this.#parts.model.concurrency, 1), waiting.length);
    await Promise.all(Array.from({ length: workers }, work));
    // Set inside of `work`, which the compiler does not see.
    const failed = fault as { readonly error: unknown } | null;
    if (failed !== null) throw failed.error;
  }

  /** One call, which another round may be carrying out already; where that is given up, this one does it itself. */
  async #once(name: string, call: Call, signal: AbortSignal | undefined): Promise<void> {
    const other = this.#underWay.get(name);
    if (other === undefined) {
      const work = this.#carriedOut(name, call, signal).finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, { work, signal });
      return work;
    }
    try {
      await other.work;
    } catch (error) {
      if (!other.signal?.aborted) throw error;
      signal?.throwIfAborted();
      await this.#once(name, call, signal);
    }
  }

  async #carriedOut(name: string, call: Call, signal: AbortSignal | undefined): Promise<void> {
    const { key, by, request } = this.#asked(call);
    const { act, task, inputs, skill } = call;
    const made = request === null ? await this.#byTool(call, signal) : await this.#byModel(request, signal);
    const result: StoredResult = {
      key,
      model: by,
      act,
      task,
      inputs: [...inputs],
      skill: skill && { name: skill.name, version: skill.version },
      prompt: request?.messages.map(({ role, content }) => ({ role, content })) ?? [],
      ...made,
    };
    // Known only once it is stored: a tab that is killed in between asks again rather than going on with what is lost.
    const kept = await this.#kept(result);
    this.#known.set(name, { result: kept, cached: false, used: true });
    this.#used.push({ result: kept, cached: false });
  }

  /** What the store keeps: where another tab was first, its answer, which this run would have if it came back. */
  async #kept(result: StoredResult): Promise<StoredResult> {
    try {
      return await this.#parts.store.put(result);
    } catch (error) {
      const isFull = error instanceof Error && error.name === 'QuotaExceededError';
      throw new ModelFailure(
        isFull ? 'quota' : 'server-error',
        `A result could not be kept: ${error instanceof Error ? error.message : String(error)}`.replace(/[.\s]*$/, '.'),
        isFull
          ? 'Free some storage of this site, e.g. by forgetting results of models that are no longer needed, and go on.'
          : 'Go on; if it happens again, load the page again.',
        { cause: error },
      );
    }
  }

  async #byTool(call: Call, signal: AbortSignal | undefined): Promise<Made> {
    const tool = this.#parts.tools[call.act];
    const answer = await tool.run(call, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (error instanceof ModelFailure) throw error;
      throw new ModelFailure(
        'unsupported',
        `The tool "${tool.name}" does not work: ${error instanceof Error ? error.message : String(error)}`.replace(
          /[.\s]*$/,
          '.',
        ),
        'Look at the network and go on; if it happens again, load the page again.',
        { cause: error },
      );
    });
    return { answer, finish: 'stop', failure: null, promptTokens: 0, completionTokens: 0, milliseconds: 0, cost: 0 };
  }

  async #byModel(request: ModelRequest, signal: AbortSignal | undefined): Promise<Made> {
    try {
      const { text, ...rest } = await this.#parts.model.complete(request, signal ? { signal } : {});
      return { answer: text, failure: null, ...rest };
    } catch (error) {
      // It would fail each time it is asked, e.g. because the prompt is too long: an answer that says nothing.
      if (!(error instanceof ModelFailure && error.kind === 'bad-request')) throw error;
      const nothing = { promptTokens: 0, completionTokens: 0, milliseconds: 0, cost: 0 };
      return { answer: '', finish: 'failed', failure: error.message, ...nothing };
    }
  }
}

type Made = Pick<
  StoredResult,
  'answer' | 'finish' | 'failure' | 'promptTokens' | 'completionTokens' | 'milliseconds' | 'cost'
>;

/** Names a call within one executor, whose model and prompts do not change. */
function nameOf({ act, task, inputs, skill }: Call): string {
  return JSON.stringify([act, task, inputs, skill && [skill.name, skill.version, skill.text]]);
}
