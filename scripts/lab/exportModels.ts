/** `export`: the Supervisor of a checkpoint as models of ONNX, verified, with what it takes to use them. */
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decodeCheckpoint } from '../../src/training/checkpoint.ts';
import type { RunExport } from '../../src/training/exportRun.ts';
import { differencesInWords, exportRun } from '../../src/training/exportRun.ts';
import { DEPLOY_MODULE } from '../deployModule.mjs';
import { BadInput } from './badInput.ts';
import { CANCELLED, cancelOnInterrupt } from './cancel.ts';
import { writeBytes } from './files.ts';
import { progressOn } from './progress.ts';

/** onnxruntime's own file among the installed packages. */
export function runtimeWasm(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
}

/** Reads a checkpoint. @throws BadInput for a path that holds none, BadCheckpoint for a damaged one */
function readCheckpoint(path: string): ReturnType<typeof decodeCheckpoint> {
  if (!existsSync(path)) throw new BadInput(`${path} is not there; it should be a checkpoint, a .safetensors file`);
  if (statSync(path).isDirectory()) {
    throw new BadInput(`${path} is a folder; give the .safetensors file of a checkpoint in it`);
  }
  // Not a Buffer: slices of one are no copies.
  const bytes = new Uint8Array(readFileSync(path));
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    if (!isJson(bytes)) throw error;
    throw new BadInput(
      `${path} is JSON, as a record is, and a record holds no weights. Make the run with --checkpoint FILE, which keeps them (the same config on the same device comes to the same), or take the bytes of lab.export() in the page; then export that file`,
    );
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** @returns the exit status @throws BadInput, BadCheckpoint, ExportDiffers */
export async function exportCommand(path: string, out: string): Promise<number> {
  const checkpoint = readCheckpoint(path);
  const signal = cancelOnInterrupt();
  const progress = progressOn(process.stderr);
  const onProgress = (done: number, of: number): void => progress.show(`comparing: ${done}/${of} states`);
  let exported: RunExport;
  try {
    exported = await exportRun(checkpoint, runtimeWasm(), { signal, onProgress });
  } catch (error) {
    if (signal.aborted) return CANCELLED;
    throw error;
  } finally {
    progress.end();
  }
  const { files, check } = exported;
  for (const { name, bytes } of files) writeBytes(join(out, name), bytes);
  copyFileSync(DEPLOY_MODULE, join(out, 'supervisor.js'));
  const where = `${check.states} states of ${check.tasks} ${check.tasks === 1 ? 'task' : 'tasks'}`;
  console.log(
    `verified on ${where} by onnxruntime-web ${check.runtime} in ${check.precision}, largest differences: ${differencesInWords(check)}`,
  );
  console.log(`written to ${out}: ${[...files.map(({ name }) => name), 'supervisor.js'].join(', ')}`);
  return 0;
}
