/** The bench in Node, on Dawn: for machines that have a GPU and no browser. */
import { availableParallelism } from 'node:os';
import { nodeGpu } from '../scripts/lab/nodeDevices.ts';
import { deviceOf } from '../src/gpu/device.ts';
import type { BenchPage } from './protocol.ts';
import { sectionsIn } from './sections.ts';

/** @param progress told what is being measured */
export async function benchInNode(progress: (text: string) => void): Promise<BenchPage> {
  const gpu = await nodeGpu();
  // The peers look for WebGPU where a page has it.
  const value = { gpu, userAgent: `Node ${process.version}`, hardwareConcurrency: availableParallelism() };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
  return sectionsIn({
    acquire: () => deviceOf(gpu),
    about: {
      browser: `Dawn in Node ${process.version}`,
      processors: value.hardwareConcurrency,
      crossOriginIsolated: false,
    },
    progress,
  });
}
