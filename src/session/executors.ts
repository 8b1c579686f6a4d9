/** The language models of a session: one at a time, kept from run to run as long as it is the one that is asked for. */
import type { Executor } from '../executor/executor.ts';
import type { LanguageModel } from '../executor/languageModel.ts';
import { ModelFailure } from '../executor/modelFailure.ts';
import type { ExecutorSources, ModelSource, OpenHooks } from '../executor/openExecutor.ts';
import { openExecutor } from '../executor/openExecutor.ts';
import type { ExecutorSettings } from '../executor/settings.ts';
import { canonicalJson } from '../training/configKey.ts';

export type ExecutorParts = Omit<ExecutorSources, 'keyFor'>;

export class Executors {
  readonly #parts: ExecutorParts;
  /** By address. Here and nowhere else. */
  readonly #keys = new Map<string, string>();
  #held: Held | null = null;
  /** Of the run that was opened last. */
  #onProgress: OpenHooks['onProgress'] = () => {};

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** The key for an address, from now on; null forgets it. */
  async setKey(baseURL: string, key: string | null): Promise<void> {
    const address = normal(baseURL);
    if (key === null || key === '') this.#keys.delete(address);
    else this.#keys.set(address, key);
    // A model that was made with another key, or none, must not be used again; a run that has it goes on with a new one.
    if (this.#held?.address === address) await this.#held.model.close();
  }

  /** Whether a key was given for an address. It is told to nobody. */
  hasKey(baseURL: string): boolean {
    return this.#keys.has(normal(baseURL));
  }

  /**
   * An executor with what its store knows; a model that is another than the last takes its place.
   * @throws ModelFailure, or the signal's reason
   */
  async open(settings: ExecutorSettings, hooks: OpenHooks): Promise<Executor> {
    const { models, ...rest } = this.#parts;
    const { kind, endpoint, webllm } = settings;
    const name = canonicalJson({
      kind,
      ...(kind === 'endpoint' ? { endpoint } : {}),
      ...(kind === 'webllm' ? { webllm } : {}),
    });
    const keyFor = (baseURL: string): string | null => this.#keys.get(normal(baseURL)) ?? null;
    const source = models[kind];
    this.#onProgress = hooks.onProgress;
    const renewable: ModelSource = async (...asked) => {
      if (this.#held?.name === name && !this.#held.model.over) return this.#held.model;
      // Two models may not fit into memory.
      await this.#letGo();
      if (source === undefined) throw new Error(`No model of kind "${kind}".`);
      const make: Make = async (before, signal) => {
        // A run that stayed open because the next one failed asks for its model again.
        if (this.#held !== held) await this.#letGo();
        this.#held = held;
        return source(settings, { onProgress: (...told) => this.#onProgress(...told), signal, before }, keyFor);
      };
      const held: Held = {
        name,
        address: kind === 'endpoint' && endpoint ? normal(endpoint.baseURL) : null,
        model: new Renewed(await source(...asked), make),
      };
      this.#held = held;
      return held.model;
    };
    return openExecutor(
      settings,
      { ...rest, keyFor, models: source ? { ...models, [kind]: renewable } : models },
      hooks,
    );
  }

  /** Closes the model. */
  async close(): Promise<void> {
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    await held?.model.close();
  }
}

interface Held {
  readonly name: string;
  readonly address: string | null;
  readonly model: Renewed;
}

/** @param before the model whose place the new one takes */
type Make = (before: LanguageModel, signal: AbortSignal) => Promise<LanguageModel>;

/** A model that is made anew when it is asked after it was closed or lost, e.g. with another key, while a run has it. */
class Renewed implements LanguageModel {
  readonly id: string;
  readonly concurrency: number;
  readonly #make: Make;
  #last: LanguageModel;
  /** null: to be made when it is asked next. */
  #model: Promise<LanguageModel> | null;
  /** Why it is not made any more. */
  #other: ModelFailure | null = null;

  constructor(model: LanguageModel, make: Make) {
    this.id = model.id;
    this.concurrency = model.concurrency;
    this.#last = model;
    this.#model = Promise.resolve(model);
    this.#make = make;
  }

  get over(): boolean {
    return this.#other !== null;
  }

  async complete(...asked: Parameters<LanguageModel['complete']>): ReturnType<LanguageModel['complete']> {
    const present = this.#model;
    if ((await present)?.over && this.#model === present) await this.close();
    this.#model ??= this.#anew(asked[1]?.signal ?? new AbortController().signal);
    return (await this.#model).complete(...asked);
  }

  #anew(signal: AbortSignal): Promise<LanguageModel> {
    const making = this.#made(signal).catch((error: unknown) => {
      // A key that no header can hold, a load that was given up: the next one may be better.
      if (this.#model === making) this.#model = null;
      throw error;
    });
    return making;
  }

  async #made(signal: AbortSignal): Promise<LanguageModel> {
    if (this.#other !== null) throw this.#other;
    const model = await this.#make(this.#last, signal);
    if (model.id !== this.id) {
      await model.close();
      // Its results would be kept under the name of the first.
      this.#other = new ModelFailure(
        'closed',
        `The run has asked ${this.id}, and what was loaded again is ${model.id}.`,
        'Open the run again: it asks that one from there on.',
      );
      throw this.#other;
    }
    this.#last = model;
    return model;
  }

  /** Ends the present model. Asked again, it is made anew. */
  async close(): Promise<void> {
    const present = this.#model;
    this.#model = null;
    await present?.then(
      (model) => model.close(),
      () => {},
    );
  }
}

function normal(baseURL: string): string {
  return (URL.canParse(baseURL) ? new URL(baseURL).href : baseURL).replace(/\/+$/, '');
}
