/** Checkpoints as files in a folder, for runs without a browser. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointStore } from '../../src/session/storage.ts';

const ENDING = '.safetensors';

/** @param folder made when the first checkpoint is written */
export function fileStore(folder: string): CheckpointStore {
  const path = (key: string): string => join(folder, `${key}${ENDING}`);
  return {
    kept: true,
    reason: `Checkpoints are kept in ${folder}.`,
    read: async (key) => (existsSync(path(key)) ? new Uint8Array(readFileSync(path(key))) : null),
    write: async (key, bytes) => {
      mkdirSync(folder, { recursive: true });
      // A rename is whole or does not happen.
      writeFileSync(`${path(key)}.new`, bytes);
      renameSync(`${path(key)}.new`, path(key));
    },
    delete: async (key) => rmSync(path(key), { force: true }),
    list: async () =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .filter((name) => name.endsWith(ENDING))
        .sort()
        .map((name) => ({ key: name.slice(0, -ENDING.length), bytes: statSync(join(folder, name)).size })),
  };
}
