/** Pieces of a phase of evolution that wait for a language model: given up or without an answer, they are tried again. */
import { ModelFailure } from '../executor/modelFailure.ts';

/** What kept a unit from being done. The phase stands where it stood, and goes on from there. */
export interface Kept {
  readonly error: unknown;
}

/** A phase or a part of it: yields between its units, undefined where one is done. */
export type Units<T> = AsyncGenerator<Kept | undefined, T>;

/** Of whoever drives a phase, for as long as one unit takes. */
export interface Driver {
  signal: AbortSignal;
}

/**
 * Does `work`, which may be done again from its beginning, until it is done.
 * @throws what `work` throws, but for a ModelFailure and the reason of the driver's signal, which are yielded
 */
export async function* patiently<T>(driver: Driver, work: (signal: AbortSignal) => Promise<T>): Units<T> {
  for (;;) {
    const { signal } = driver;
    try {
      return await work(signal);
    } catch (error) {
      if (!(error instanceof ModelFailure) && !(signal.aborted && error === signal.reason)) throw error;
      yield { error };
    }
  }
}
