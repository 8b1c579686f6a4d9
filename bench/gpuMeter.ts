/** Counts what any library asks of WebGPU, by standing in front of its methods. Not installed while times are taken. */

export interface GpuCounts {
  submissions: number;
  dispatches: number;
  /** buffers created, and their bytes */
  buffers: number;
  bufferBytes: number;
}

/** Counts while `work` runs; nothing else of the page may use WebGPU meanwhile. */
export async function countGpu(work: () => Promise<void>): Promise<GpuCounts> {
  const counts: GpuCounts = { submissions: 0, dispatches: 0, buffers: 0, bufferBytes: 0 };
  const { submit } = GPUQueue.prototype;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = GPUComputePassEncoder.prototype;
  const { createBuffer } = GPUDevice.prototype;
  GPUQueue.prototype.submit = function (...args) {
    counts.submissions++;
    return submit.apply(this, args);
  };
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...args) {
    counts.dispatches++;
    return dispatchWorkgroups.apply(this, args);
  };
  GPUComputePassEncoder.prototype.dispatchWorkgroupsIndirect = function (...args) {
    counts.dispatches++;
    return dispatchWorkgroupsIndirect.apply(this, args);
  };
  GPUDevice.prototype.createBuffer = function (...args) {
    counts.buffers++;
    counts.bufferBytes += args[0].size;
    return createBuffer.apply(this, args);
  };
  try {
    await work();
  } finally {
    GPUQueue.prototype.submit = submit;
    Object.assign(GPUComputePassEncoder.prototype, { dispatchWorkgroups, dispatchWorkgroupsIndirect });
    GPUDevice.prototype.createBuffer = createBuffer;
  }
  return counts;
}
