/** The language models of a session: one at a time, kept from run to run as long as it is the one that is asked for. */
import type { Executor } from '../executor/executor.ts';
import type { LanguageModel } from '../executor/languageModel.ts';
import type { ExecutorSources, ModelSource, OpenHooks } from '../executor/openExecutor.ts';
import { openExecutor } from '../executor/openExecutor.ts';
import type { ExecutorSettings } from '../executor/settings.ts';
import { canonicalJson } from '../training/configKey.ts';

export type ExecutorParts = Omit<ExecutorSources, 'keyFor'>;

export class Executors {
  readonly #parts: ExecutorParts;
  /** By address. Here and nowhere else. */
  readonly #keys = new Map<string, string>();
  #held: { readonly name: string; readonly address: string | null; readonly model: Renewed } | null = null;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** The key for an address, from now on; null forgets it. */
  async setKey(baseURL: string, key: string | null): Promise<void> {
    const address = normal(baseURL);
    if (key === null || key === '') this.#keys.delete(address);
    else this.#keys.set(address, key);
    // A model that was made with another key, or none, must not be used again; a run that has it goes on with a new one.
    if (this.#held?.address === address) await this.#held.model.renew();
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
    const renewable: ModelSource = async (...asked) => {
      if (this.#held?.name === name) return this.#held.model;
      // Two models may not fit into memory.
      await this.#letGo();
      if (source === undefined) throw new Error(`No model of kind "${kind}".`);
      const quiet = { onProgress: () => {}, signal: new AbortController().signal };
      const model = new Renewed(await source(...asked), () => source(settings, quiet, keyFor));
      this.#held = { name, address: kind === 'endpoint' && endpoint ? normal(endpoint.baseURL) : null, model };
      return model;
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

/** A model that can be made anew, with another key, while a run has it. */
class Renewed implements LanguageModel {
  readonly id: string;
  readonly concurrency: number;
  readonly #make: () => Promise<LanguageModel>;
  /** null: to be made when it is asked next. */
  #model: Promise<LanguageModel> | null;

  constructor(model: LanguageModel, make: () => Promise<LanguageModel>) {
    this.id = model.id;
    this.concurrency = model.concurrency;
    this.#model = Promise.resolve(model);
    this.#make = make;
  }

  async complete(...asked: Parameters<LanguageModel['complete']>): ReturnType<LanguageModel['complete']> {
    this.#model ??= this.#make().catch((error: unknown) => {
      // A key that no header can hold: the next one may be better.
      this.#model = null;
      throw error;
    });
    return (await this.#model).complete(...asked);
  }

  /** Ends the present model. */
  async renew(): Promise<void> {
    const old = this.#model;
    this.#model = null;
    await (await old)?.close();
  }

  async close(): Promise<void> {
    await (await this.#model)?.close();
  }
}

function normal(baseURL: string): string {
  return baseURL.replace(/\/+$/, '');
}
