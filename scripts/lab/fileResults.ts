/** Results of live executors as lines of a file, for runs without a browser: each is on the disk before it is used. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ResultStore, StoredResult } from '../../src/executor/resultStore.ts';
import { storedResultSchema } from '../../src/executor/resultStore.ts';

/** @param path made when the first result is written; runs that share it share their results */
export function fileResults(path: string): ResultStore {
  let held: Map<string, StoredResult> | null = null;
  const all = (): Map<string, StoredResult> => {
    // Of runs that asked the same at once, the first counts: the last entry of a Map would.
    held ??= new Map(
      readResults(path)
        .map((result) => [result.key, result] as const)
        .reverse(),
    );
    return held;
  };
  const append = (results: Iterable<StoredResult>, flag: 'a+' | 'w'): void => {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, flag);
    try {
      if (flag === 'a+' && isCutOff(file)) writeSync(file, '\n');
      for (const result of results) writeSync(file, `${JSON.stringify(result)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };
  return {
    kept: true,
    reason: `Results are kept in ${path}.`,
    of: async (model) =>
      [...all().values()]
        .filter((result) => result.model === model)
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
    put: async (result) => {
      const known = all().get(result.key);
      if (known !== undefined) return known;
      append([result], 'a+');
      all().set(result.key, result);
      return result;
    },
    clear: async (model) => {
      if (model === undefined) {
        held = new Map();
        rmSync(path, { force: true });
        return;
      }
      held = new Map([...all()].filter(([, result]) => result.model !== model));
      append(held.values(), 'w');
    },
  };
}

/** Whether the last line of a file has no end: what is written next would be part of it. */
function isCutOff(file: number): boolean {
  const { size } = fstatSync(file);
  const last = new Uint8Array(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

/** A line that was cut off when the machine stopped, or that is no result, counts for nothing. */
function readResults(path: string): StoredResult[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return storedResultSchema.safeParse(JSON.parse(line)).data ?? [];
      } catch {
        return [];
      }
    });
}
