/** Where kept runs are between visits: one object store of IndexedDB, a run under its id. */
import { type IDBPDatabase, openDB } from 'idb';
import type { KeptRun } from './keptRun.ts';

export interface RunStorage {
  /** Whether runs outlive the page; and if not, why not, in words for a person. */
  readonly kept: boolean;
  readonly reason: string;
  /** As they are stored: of unknown origin. */
  all(): Promise<readonly unknown[]>;
  put(run: KeptRun): Promise<void>;
  delete(id: string): Promise<void>;
  clear(): Promise<void>;
}

/** For places without storage: keeps nothing and says why. */
export function noRunStorage(reason: string): RunStorage {
  const nothing = async (): Promise<void> => {};
  return { kept: false, reason, all: async () => [], put: nothing, delete: nothing, clear: nothing };
}

const STORE = 'runs';

/** @param name of the database; tests use their own */
export async function openRunStorage(name = 'skillflow-lab.runs'): Promise<RunStorage> {
  if (globalThis.indexedDB === undefined) return noRunStorage('this browser has no database for pages (IndexedDB).');
  let database: IDBPDatabase;
  try {
    database = await openDB(name, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore(STORE, { keyPath: 'id' });
      },
      // A later version of the page, in another tab, or a person who clears the site's data.
      blocking: () => database.close(),
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return noRunStorage(`the browser’s database did not open (${words}).`);
  }
  return {
    kept: true,
    reason: 'Runs are kept in this browser.',
    all: () => database.getAll(STORE),
    put: async (run) => {
      await database.put(STORE, run);
    },
    delete: (id) => database.delete(STORE, id),
    clear: () => database.clear(STORE),
  };
}
