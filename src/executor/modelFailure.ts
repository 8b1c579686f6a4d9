/** Why a language model gave no answer, told apart by what can be done about it. */

export const MODEL_FAILURES = [
  /** Nothing was reached: no network, or the server refused the connection. */
  'unreachable',
  /** The server was reached, and the browser kept its answer from the page (CORS). */
  'blocked-by-cors',
  /** A page over https may not ask a server over http. */
  'mixed-content',
  /** The page is not a secure context, so it has no WebGPU and no cache. */
  'insecure-page',
  'no-adapter',
  /** The adapter lacks a feature or a limit that the model needs. */
  'unsupported',
  'out-of-memory',
  'device-lost',
  /** The browser's storage is full. */
  'quota',
  /** There is no such model, file or address. */
  'not-found',
  /** What was downloaded is not what was published. */
  'integrity',
  /** The key is missing or wrong. */
  'unauthorised',
  /** It said "too many requests" more often than it was asked again. */
  'rate-limited',
  'server-error',
  'timeout',
  /** An answer came that is not what was asked for. */
  'malformed',
  /** The request itself is wrong, e.g. longer than the model's context. */
  'bad-request',
  /** A cap in calls, tokens or money was reached: a clean end, and no fault. */
  'cap-reached',
  'closed',
] as const;
export type ModelFailureKind = (typeof MODEL_FAILURES)[number];

export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: ModelFailureKind;
  /** What happened, without the advice. */
  readonly what: string;
  /** What the user can do, as a sentence. */
  readonly advice: string;

  /** @param message what happened and where, as sentences; never a key, and no more than a line of what a server said */
  constructor(kind: ModelFailureKind, message: string, advice: string, options?: ErrorOptions) {
    super(`${message} ${advice}`, options);
    this.kind = kind;
    this.what = message;
    this.advice = advice;
  }
}
