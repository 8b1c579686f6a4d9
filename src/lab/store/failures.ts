/** Errors as the lab tells them: what happened and what to do. */
import type { Failure } from '../../session/protocol.ts';
import type { FieldError } from '../settings/draft.ts';

/** An error of the session or any other, in its three parts. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), hint: '' };
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
  return { name: error.name, message: error.message, hint };
}

/** The settings cannot be run; each field that is wrong says so beside it. */
export class UnusableSettings extends Error {
  override readonly name = 'UnusableSettings';
  readonly hint = 'The field is marked in the settings.';
  constructor([first]: readonly FieldError[]) {
    super(`The settings cannot be run: ${first?.path ?? ''} ${first?.message ?? ''}.`);
  }
}

export class Busy extends Error {
  override readonly name = 'Busy';
  readonly hint = 'Wait until it is done, or press Cancel.';
  constructor() {
    super('Another run is being opened.');
  }
}
