/** The executor that a config asks for: its model, loaded when it is first asked for, with what its store knows already. */
import type { Executor as LiveExecutor, Tools } from './executor.ts';
import { Executor } from './executor.ts';
import type { LanguageModel } from './languageModel.ts';
import { ModelFailure } from './modelFailure.ts';
import { PROMPTS } from './prompt.ts';
import type { ResultStore } from './resultStore.ts';
import type { ExecutorSettings } from './settings.ts';

export interface OpenHooks {
  /** A download or a load, in words. */
  readonly onProgress: (text: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
  /** The model of the same settings whose place it takes: what that one had spent counts on. */
  readonly before?: LanguageModel | null;
}

/** What an executor is made with that no config holds. */
export interface ExecutorSources {
  /** The key for an address, asked for once; null where none was given. Keys live in memory alone. */
  readonly keyFor: (baseURL: string) => string | null;
  readonly store: ResultStore;
  readonly tools: Tools;
  /** Makes the models that this place can run. */
  readonly models: Partial<Readonly<Record<ExecutorSettings['kind'], ModelSource>>>;
}

export type ModelSource = (
  settings: ExecutorSettings,
  hooks: OpenHooks,
  keyFor: ExecutorSources['keyFor'],
) => Promise<LanguageModel>;

/** The model is closed by whoever made it. @throws ModelFailure where it cannot be had, or the signal's reason */
export async function openExecutor(
  settings: ExecutorSettings,
  { keyFor, store, tools, models }: ExecutorSources,
  hooks: OpenHooks,
): Promise<LiveExecutor> {
  const source = models[settings.kind];
  if (source === undefined) {
    throw new ModelFailure(
      'unsupported',
      `The executor "${settings.kind}" does not run here.`,
      `Take one of ${Object.keys(models).join(', ')}.`,
    );
  }
  const model = await source(settings, hooks, keyFor);
  const { seed, prompts } = settings;
  return Executor.open({ model, prompts: { ...PROMPTS, ...prompts }, tools, store, seed });
}
