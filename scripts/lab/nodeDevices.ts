/** Where a run without a browser computes: on WebGPU by Dawn for Node (npm `webgpu`), or on the CPU. */
import type { Backend } from '../../src/gpu/backend.ts';
import { createCpuBackend } from '../../src/gpu/cpuBackend.ts';
import { deviceOf } from '../../src/gpu/device.ts';
import { createWebgpuBackend } from '../../src/gpu/webgpuBackend.ts';
import type { Devices, OpenedBackend } from '../../src/session/devices.ts';

/** Where the environment names Dawn's options, e.g. `SKILLFLOW_DAWN=adapter=SwiftShader`, separated by spaces. */
const OPTIONS = 'SKILLFLOW_DAWN';

/** The object must outlive every device that it gave, or the process ends at garbage collection. */
let gpu: GPU | undefined;

/** WebGPU in this process, its names made global as a page has them. @throws where Dawn does not load */
export async function nodeGpu(): Promise<GPU> {
  if (gpu === undefined) {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    gpu = create((process.env[OPTIONS] ?? '').split(' ').filter((option) => option !== '')) as GPU;
  }
  return gpu;
}

export const nodeDevices: Devices = {
  async webgpu(): Promise<OpenedBackend> {
    let found: GPU;
    try {
      found = await nodeGpu();
    } catch (error) {
      const reason = `Dawn, which is WebGPU in Node, did not load: ${error instanceof Error ? error.message : String(error)}`;
      return { ok: false, reason };
    }
    const acquired = await deviceOf(found);
    if (!acquired.ok) return acquired;
    const { device, adapterInfo, software } = acquired;
    return { ok: true, backend: createWebgpuBackend(device, { adapter: `${adapterInfo}, Dawn in Node`, software }) };
  },
  cpu: (): Backend => createCpuBackend(),
};
