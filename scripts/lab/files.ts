/** Configs in, records out. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BadInput } from './badInput.ts';

/** @throws BadInput where the file cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadInput(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws BadInput where the file cannot be read or is not JSON */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where a record stands until it is whole. */
export function partialPath(out: string): string {
  return `${out}.partial`;
}

/** Writes a record that is not finished. */
export function writePartial(out: string, json: string): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(partialPath(out), `${json}\n`);
}

/** Writes a whole record: `out` is never a part of one, not even while it is being written. */
export function writeWhole(out: string, json: string): void {
  writePartial(out, json);
  renameSync(partialPath(out), out);
}

/** Writes a file that is no text, whole or not at all. */
export function writeBytes(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(partialPath(path), bytes);
  renameSync(partialPath(path), path);
}

/** Takes away what an earlier, unfinished run has left. */
export function removePartial(out: string): void {
  rmSync(partialPath(out), { force: true });
}
