/** The export of a run where it is trained. What it takes is loaded when it is first asked for. */
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { RunExport } from '../training/exportRun.ts';

/** @param wasm served from the site itself, like everything else @throws what `exportRun` throws */
export async function exportInWorker(checkpoint: Checkpoint, signal: AbortSignal): Promise<RunExport> {
  const { exportRun } = await import('../training/exportRun.ts');
  return exportRun(checkpoint, new URL(wasm, import.meta.url).href, { signal });
}
