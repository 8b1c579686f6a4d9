/**
 * A frozen language model, wherever it runs: in this tab, behind an endpoint, or the small one that ships with the lab.
 * It is asked one thing at a time, at temperature 0, and knows nothing of tasks, steps or results.
 */
import type { ModelFailure } from './modelFailure.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One question. Equal requests to one model are one request: nothing else may change the answer. */
export interface ModelRequest {
  readonly messages: readonly Message[];
  /** Tokens after which the answer is cut. */
  readonly maxTokens: number;
  readonly seed: number;
  /** A JSON schema that the answer must keep to; null for free text. */
  readonly schema: object | null;
}

export interface Completion {
  readonly text: string;
  /** `length`: it was cut at `maxTokens`. */
  readonly finish: 'stop' | 'length';
  /** As the model's own engine counts them. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** From the question to the last token. Shown, and never part of a result. */
  readonly milliseconds: number;
  /** What it cost in money, in the currency of the price that was set; 0 where none was. */
  readonly cost: number;
}

export interface CompletionHooks {
  /** Aborted: the request ends with the signal's reason, and the model is ready for the next. */
  readonly signal?: AbortSignal;
  /** The answer so far, as it grows. */
  readonly onText?: (soFar: string) => void;
}

export interface LanguageModel {
  /** Names the weights and whatever else may change an answer: equal ids give equal answers to equal requests. */
  readonly id: string;
  /** How many requests may be under way at once. */
  readonly concurrency: number;
  /** Whether it answers nothing any more, e.g. because its GPU was lost: whoever wants more makes it anew. */
  readonly over?: boolean;
  /** @throws ModelFailure, or the signal's reason */
  complete(request: ModelRequest, hooks?: CompletionHooks): Promise<Completion>;
  /** Frees what it holds. Requests under way end with a ModelFailure of kind `closed`. */
  close(): Promise<void>;
}

export type { ModelFailure };
