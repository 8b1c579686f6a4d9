/** Compute pipelines, each kernel compiled once for a device. */
import { complaintsOf, KernelCompileError } from './failure.ts';
import type { Kernel } from './kernel.ts';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

async function compile(device: GPUDevice, kernel: Kernel): Promise<Pipeline> {
  const label = kernel.name;
  const types: GPUBufferBindingType[] = Object.values(kernel.bindings).map((type) =>
    type.startsWith('write') ? 'storage' : 'read-only-storage',
  );
  if (Object.keys(kernel.params).length > 0) types.push('uniform');
  const entries = types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }));

  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: kernel.wgsl });
  const layout = device.createBindGroupLayout({ label, entries });
  const creating = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const [created, scoped] = await Promise.allSettled([creating, device.popErrorScope()]);
  if (created.status === 'fulfilled' && scoped.status === 'fulfilled' && scoped.value === null) {
    return { pipeline: created.value, layout };
  }
  const complaints = await complaintsOf(module);
  if (complaints.length > 0) throw new KernelCompileError(label, complaints);
  const reason: unknown =
    created.status === 'rejected' ? created.reason : scoped.status === 'rejected' ? scoped.reason : scoped.value;
  const message = typeof reason === 'object' && reason !== null && 'message' in reason ? reason.message : reason;
  throw new KernelCompileError(label, [String(message)]);
}

/**
 * @returns the pipeline of a kernel, compiled when first asked for. Asked for together, kernels compile in parallel.
 * The promise rejects with KernelCompileError
 */
export function createPipelines(device: GPUDevice): (kernel: Kernel) => Promise<Pipeline> {
  const pipelines = new Map<Kernel, Promise<Pipeline>>();
  return (kernel) => {
    const pipeline = pipelines.get(kernel) ?? compile(device, kernel);
    pipelines.set(kernel, pipeline);
    return pipeline;
  };
}
