/** Where the runs of experiments made here are between visits: a database of IndexedDB, a row under its key. */
import { type IDBPDatabase, openDB } from 'idb';

/** `runs`: records but for all but the last steps. `steps`: all steps, read only where a whole record is asked for. */
export const TABLES = ['runs', 'steps', 'variances', 'experiments'] as const;
export type Table = (typeof TABLES)[number];

export interface ExperimentStorage {
  /** Whether anything outlives the page; and if not, why not, in words for a person. */
  readonly kept: boolean;
  readonly reason: string;
  /** As it is stored: of unknown origin; undefined where there is nothing. */
  get(table: Table, key: string): Promise<unknown>;
  all(table: Table): Promise<readonly unknown[]>;
  /** All or nothing. */
  put(rows: readonly { readonly table: Table; readonly key: string; readonly value: unknown }[]): Promise<void>;
  delete(tables: readonly Table[], keys: readonly string[]): Promise<void>;
}

/** Keeps rows until the page is closed, and says why no longer. */
export function passingStorage(reason: string): ExperimentStorage {
  const held = new Map<string, unknown>();
  const name = (table: Table, key: string): string => `${table} ${key}`;
  return {
    kept: false,
    reason,
    get: async (table, key) => held.get(name(table, key)),
    all: async (table) => [...held].flatMap(([key, value]) => (key.startsWith(`${table} `) ? [value] : [])),
    put: async (rows) => {
      for (const { table, key, value } of rows) held.set(name(table, key), value);
    },
    delete: async (tables, keys) => {
      for (const table of tables) for (const key of keys) held.delete(name(table, key));
    },
  };
}

/** @param name of the database; tests use their own */
export async function openExperimentStorage(name = 'skillflow-lab.experiments'): Promise<ExperimentStorage> {
  if (globalThis.indexedDB === undefined) return passingStorage('this browser has no database for pages (IndexedDB).');
  let database: IDBPDatabase;
  try {
    database = await openDB(name, 1, {
      upgrade: (fresh) => {
        for (const table of TABLES) fresh.createObjectStore(table);
      },
      // A later version of the page, in another tab, or a person who clears the site's data.
      blocking: () => database.close(),
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return passingStorage(`the browser’s database did not open (${words}).`);
  }
  return {
    kept: true,
    reason: 'Runs are kept in this browser.',
    get: (table, key) => database.get(table, key),
    all: (table) => database.getAll(table),
    put: async (rows) => {
      const change = database.transaction(TABLES, 'readwrite');
      // Its end is waited for below; where a row is refused first, that is the error to tell.
      change.done.catch(() => {});
      try {
        for (const { table, key, value } of rows) await change.objectStore(table).put(value, key);
      } catch (error) {
        change.abort();
        throw error;
      }
      await change.done;
    },
    delete: async (tables, keys) => {
      const change = database.transaction(TABLES, 'readwrite');
      const gone = tables.flatMap((table) => keys.map((key) => change.objectStore(table).delete(key)));
      await Promise.all([...gone, change.done]);
    },
  };
}
