/** The sentence encoder of one run: opened once, however often its trainer is made anew. */
import type { Encoder } from '../encoder/encoder.ts';
import type { OpenEncoder } from '../training/encoderOf.ts';

export interface RunEncoder {
  /** Undefined where no sentence encoder can be opened. */
  readonly open: OpenEncoder | undefined;
  /** Frees the model once it is open. */
  release(): void;
}

/** A device that comes back needs no file again, also where the network went away. */
export function runEncoder(open: OpenEncoder | undefined): RunEncoder {
  let opened: Promise<Encoder> | null = null;
  if (open === undefined) return { open, release: () => {} };
  return {
    open: (settings, hooks) => {
      opened ??= open(settings, hooks).catch((error: unknown) => {
        opened = null;
        throw error;
      });
      return opened;
    },
    release: () => {
      // What cannot be freed goes with the worker.
      opened?.then((encoder) => encoder.release?.()).catch(() => {});
    },
  };
}
