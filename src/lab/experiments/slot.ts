/**
 * Where the page holds its experiments: nothing of them is loaded until the view is first opened, but the frame says
 * from everywhere that one is being made.
 */
import { createContext, use, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiments, ExperimentsActions, ExperimentsState } from './experimentsStore.ts';

/** The experiment that is being made: runs done of all. */
export interface Running {
  readonly title: string;
  readonly done: number;
  readonly of: number;
}

export interface ExperimentsSlot {
  readonly running: StoreApi<{ readonly now: Running | null }>;
  /** The same at every call. */
  open(): Promise<Experiments>;
}

/** @param load what the view works on; called when it is first opened, and again where that failed */
export function experimentsSlot(load: () => Promise<Experiments>): ExperimentsSlot {
  const running = createStore<{ readonly now: Running | null }>(() => ({ now: null }));
  let opening: Promise<Experiments> | null = null;

  async function opened(): Promise<Experiments> {
    try {
      const experiments = await load();
      experiments.subscribe(({ going, entries }) => {
        const before = running.getState().now;
        const title = entries.find(({ key }) => key === going?.key)?.experiment.title ?? '';
        const now = going === null ? null : { title, done: going.done, of: going.of };
        if (before?.title !== now?.title || before?.done !== now?.done || before?.of !== now?.of) {
          running.setState({ now });
        }
      });
      return experiments;
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  return {
    running,
    open() {
      opening ??= opened();
      return opening;
    },
  };
}

export const ExperimentsContext = createContext<ExperimentsSlot | null>(null);

const IDLE = createStore<{ readonly now: Running | null }>(() => ({ now: null }));

/** The experiment that is being made, null where there is none. */
export function useRunning(): Running | null {
  return useStore(useContext(ExperimentsContext)?.running ?? IDLE, ({ now }) => now);
}

/** A part of what is known of the experiments; suspends until they are loaded. */
export function useExperiments<T>(select: (state: ExperimentsState & ExperimentsActions) => T): T {
  const slot = useContext(ExperimentsContext);
  if (slot === null) throw new Error('The view of experiments stands inside ExperimentsContext.');
  return useStore(use(slot.open()), select);
}
