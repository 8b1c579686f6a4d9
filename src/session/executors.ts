/** The language models of a session: one at a time, kept from run to run as long as it is the one that is asked for. */
import type { Executor } from '../executor/executor.ts';
import type { LanguageModel } from '../executor/languageModel.ts';
import type { ExecutorSources, OpenHooks } from '../executor/openExecutor.ts';
import { openExecutor } from '../executor/openExecutor.ts';
import type { ExecutorSettings } from '../executor/settings.ts';
import { canonicalJson } from '../training/configKey.ts';

export type ExecutorParts = Omit<ExecutorSources, 'keyFor'>;

export class Executors {
  readonly #parts: ExecutorParts;
  /** By address. Here and nowhere else. */
  readonly #keys = new Map<string, string>();
  #held: { readonly name: string; readonly model: LanguageModel } | null = null;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** The key for an address, from now on; null forgets it. */
  async setKey(baseURL: string, key: string | null): Promise<void> {
    const address = normal(baseURL);
    if (key === null || key === '') this.#keys.delete(address);
    else this.#keys.set(address, key);
    // A model that was made with another key, or none, must not be used again.
    await this.#letGo();
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
    const held = this.#held;
    const model: ExecutorSources['models'][typeof kind] =
      held?.name === name
        ? async () => held.model
        : models[kind] &&
          (async (...asked) => {
            // Two models may not fit into memory.
            await this.#letGo();
            const made = await models[kind]?.(...asked);
            if (made === undefined) throw new Error(`No model of kind "${kind}".`);
            this.#held = { name, model: made };
            return made;
          });
    const keyFor = (baseURL: string): string | null => this.#keys.get(normal(baseURL)) ?? null;
    return openExecutor(
      settings,
      { ...rest, keyFor, models: { ...models, ...(model ? { [kind]: model } : {}) } },
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

function normal(baseURL: string): string {
  return baseURL.replace(/\/+$/, '');
}
