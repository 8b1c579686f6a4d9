/** What page and worker say to each other beside the engine's own messages, which have a `kind` and no `lab`. */
import { ModelFailure, type ModelFailureKind } from '../modelFailure.ts';
import type { Artefacts, Downloaded, Progress } from './download.ts';

export type ToWorker =
  | { readonly lab: 'download'; readonly artefacts: Artefacts }
  /** Whether the engine waits for a turn on the GPU before each slice of its loading. */
  | { readonly lab: 'slices'; readonly wanted: boolean }
  /** Its turn has come. */
  | { readonly lab: 'goOn' };

export type FromWorker =
  /** The engine waits for a turn: a slice of its loading is done, if it is not the first. */
  | { readonly lab: 'slice' }
  | { readonly lab: 'progress'; readonly progress: Progress }
  | { readonly lab: 'downloaded'; readonly downloaded: Downloaded }
  | { readonly lab: 'failed'; readonly failure: SentFailure }
  /** The engine's device is gone. `memory`: it gave it up because memory ran out. */
  | { readonly lab: 'lost'; readonly memory: boolean; readonly said: string };

export interface SentFailure {
  readonly kind: ModelFailureKind;
  readonly happened: string;
  readonly advice: string;
}

export function sentFailure({ kind, message, advice }: ModelFailure): SentFailure {
  return { kind, happened: message.slice(0, -advice.length).trimEnd(), advice };
}

export const receivedFailure = ({ kind, happened, advice }: SentFailure): ModelFailure =>
  new ModelFailure(kind, happened, advice);

/** Whether a message is one of these and not the engine's. */
export function isOurs<M extends ToWorker | FromWorker>(message: unknown): message is M {
  return typeof message === 'object' && message !== null && 'lab' in message;
}
