/**
 * What live executors have answered, kept between visits: a result under the hash of all that it depends on. A repeated
 * step is free, a run can be replayed without the model, and the executor is deterministic, as balance requires.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import { z } from 'zod';
import type { Call } from '../graph/call.ts';
import type { ModelRequest } from './languageModel.ts';

const count = z.int().min(0);

/** A result of unknown origin, e.g. from a file. */
export const storedResultSchema = z.strictObject({
  /** See `resultKey`. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** The model's or the tool's name, with its version. */
  model: z.string(),
  act: z.string(),
  task: z.string(),
  inputs: z.array(z.string()),
  skill: z.strictObject({ name: z.string(), version: count }).nullable(),
  /** What the model was asked, by role; empty for a tool. */
  prompt: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  answer: z.string(),
  /** `failed`: the model refuses this request whenever it is asked, and the answer is empty. */
  finish: z.enum(['stop', 'length', 'failed']),
  /** Why it failed, else null. */
  failure: z.string().nullable(),
  promptTokens: count,
  completionTokens: count,
  milliseconds: z.number().min(0),
  cost: z.number().min(0),
});
export type StoredResult = z.output<typeof storedResultSchema>;

export interface ResultStore {
  /** Whether results outlive the page, and where; or why not, in words for a person. */
  readonly kept: boolean;
  readonly reason: string;
  /** All results of a model, in the order of their keys. */
  of(model: string): Promise<readonly StoredResult[]>;
  /**
   * Resolves once it would survive a closed tab, with what is kept: a key that is there already, from another tab or
   * worker, keeps its first result.
   */
  put(result: StoredResult): Promise<StoredResult>;
  /** Removes all results of a model, or of all. */
  clear(model?: string): Promise<void>;
}

/** SHA-256, in hex, of all that a result depends on: what is asked of which model with which settings. */
export function resultKey(model: string, call: Call, request: ModelRequest | null): string {
  const { act, task, inputs, skill } = call;
  const asked = request && [
    request.messages.map(({ role, content }) => [role, content]),
    request.maxTokens,
    request.seed,
    request.schema,
  ];
  const named = skill && [skill.name, skill.version, skill.text];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([model, act, task, inputs, named, asked]))));
}

/** Keeps results as long as it lives. */
export function memoryResults(reason = 'Results are kept until the page is closed.'): ResultStore {
  const held = new Map<string, StoredResult>();
  return {
    kept: false,
    reason,
    of: async (model) => sorted([...held.values()].filter((result) => result.model === model)),
    put: async (result) => {
      const kept = held.get(result.key) ?? result;
      held.set(result.key, kept);
      return kept;
    },
    clear: async (model) => {
      for (const [key, result] of held) if (model === undefined || result.model === model) held.delete(key);
    },
  };
}

interface Database extends DBSchema {
  results: { key: string; value: StoredResult; indexes: { model: string } };
}

/**
 * Keeps results in IndexedDB. The connection is let go where somebody wants to delete the database or to bring a newer
 * form of it, and where the browser ends it; what is asked next opens another.
 * @throws DOMException where the browser refuses storage
 */
export async function indexedResults(name = 'skillflow-results'): Promise<ResultStore> {
  let connection: Promise<IDBPDatabase<Database>> | null = null;
  const connected = (): Promise<IDBPDatabase<Database>> => {
    const letGo = (): void => {
      if (connection === mine) connection = null;
    };
    const mine =
      connection ??
      openDB<Database>(name, 1, {
        upgrade(fresh) {
          fresh.createObjectStore('results', { keyPath: 'key' }).createIndex('model', 'model');
        },
        blocking(_, __, event) {
          letGo();
          (event.target as IDBDatabase).close();
        },
        terminated: letGo,
      });
    if (connection === null) mine.catch(letGo);
    connection = mine;
    return mine;
  };
  await connected();
  return {
    kept: true,
    reason: 'Results are kept in this browser.',
    async of(model) {
      const rows = await (await connected()).getAllFromIndex('results', 'model', model);
      // Another version of the lab may have written them.
      return sorted(rows.flatMap((row) => storedResultSchema.safeParse(row).data ?? []));
    },
    async put(result) {
      // `strict` returns when it is on the disk: a tab that is killed right after has it.
      const transaction = (await connected()).transaction('results', 'readwrite', { durability: 'strict' });
      const known = storedResultSchema.safeParse(await transaction.store.get(result.key)).data;
      if (known === undefined) await transaction.store.put(result);
      await transaction.done;
      return known ?? result;
    },
    async clear(model) {
      const database = await connected();
      if (model === undefined) return database.clear('results');
      const transaction = database.transaction('results', 'readwrite');
      for await (const cursor of transaction.store.index('model').iterate(model)) await cursor.delete();
      await transaction.done;
    },
  };
}

function sorted(results: readonly StoredResult[]): readonly StoredResult[] {
  return [...results].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
