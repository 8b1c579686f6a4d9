/**
 * What the lab remembers in this browser between visits: the run whose checkpoint can be resumed.
 * The checkpoint itself is the session's; this is only what to ask it for.
 */
import { z } from 'zod';
import type { Written } from './runState.ts';

const resumableSchema = z.strictObject({
  name: z.string(),
  written: z.strictObject({ preset: z.string().nullable(), draft: z.record(z.string(), z.unknown()) }),
  step: z.int().min(0),
  total: z.int().min(1),
});

export interface Resumable {
  readonly name: string;
  readonly written: Written;
  readonly step: number;
  readonly total: number;
}

export interface Memory {
  resumable(): Resumable | null;
  remember(run: Resumable): void;
  forget(): void;
}

const KEY = 'skillflow-lab.resumable.1';

/** Memory in `storage`; where there is none, or it is full or forbidden, nothing is remembered. */
export function browserMemory(storage: Storage | null): Memory {
  return {
    resumable() {
      try {
        const parsed = resumableSchema.safeParse(JSON.parse(storage?.getItem(KEY) ?? 'null'));
        return parsed.success ? (parsed.data as Resumable) : null;
      } catch {
        return null;
      }
    },
    remember(run) {
      try {
        storage?.setItem(KEY, JSON.stringify(run));
      } catch {
        // The run goes on; only the offer to resume it after a reload is lost.
      }
    },
    forget() {
      try {
        storage?.removeItem(KEY);
      } catch {
        // As above.
      }
    },
  };
}
