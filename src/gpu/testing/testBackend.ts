/** WebGPU for tests: a test that wants a device and finds none fails. */
import type { Backend } from '../backend.ts';
import { acquireDevice } from '../device.ts';
import { createWebgpuBackend } from '../webgpuBackend.ts';

/** @throws Error where there is no adapter: tests of the GPU never skip */
export async function testBackend(): Promise<Backend> {
  const acquired = await acquireDevice();
  if (!acquired.ok) throw new Error(`this test needs WebGPU: ${acquired.reason}`);
  return createWebgpuBackend(acquired.device, { adapter: acquired.adapterInfo, software: acquired.software });
}

/**
 * Passes where the device has reported no error for anything submitted so far.
 * @throws the failure, where there was one
 */
export async function expectNoFailure(backend: Backend): Promise<void> {
  // A read is answered after all errors of earlier submissions; their events are dispatched as tasks.
  const idle = backend
    .read(backend.tensor('u32', 1, 'fence'))
    .then(() => new Promise((resolve) => setTimeout(resolve, 0)));
  await Promise.race([backend.failed, idle]);
}
