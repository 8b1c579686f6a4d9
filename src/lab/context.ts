/** The store, handed to the components by React's context so that tests can pass their own. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Shelf, ShelfActions, ShelfState } from './kept/shelf.ts';
import type { Preset } from './presets.ts';
import type { Lab, LabActions, LabState } from './store/labState.ts';

export interface LabParts {
  readonly lab: Lab;
  readonly presets: readonly Preset[];
  readonly shelf: Shelf;
}

export const LabContext = createContext<LabParts | null>(null);

export function useParts(): LabParts {
  const parts = useContext(LabContext);
  if (parts === null) throw new Error('The lab’s components stand inside LabContext.');
  return parts;
}

/** A part of the lab's state; the component is drawn again when it changes. */
export function useLab<T>(select: (state: LabState & LabActions) => T): T {
  return useStore(useParts().lab, select);
}

/** A part of what is known of the kept runs. */
export function useShelf<T>(select: (state: ShelfState & ShelfActions) => T): T {
  return useStore(useParts().shelf, select);
}
