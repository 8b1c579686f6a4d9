/** A WebGPU device that validates and compiles, and computes nothing: Dawn's null backend, in Node. */
import { create, globals } from 'webgpu';

// The process aborts if this is collected while its devices live.
const gpu = create(['backend=null']);

/** A device at default limits. Makes the constants of WebGPU (`GPUBufferUsage`, ...) global as well. */
export async function nullDevice(): Promise<GPUDevice> {
  Object.assign(globalThis, globals);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('Dawn has no null adapter: is the package "webgpu" installed for this platform?');
  return adapter.requestDevice();
}
