/** Reads buffers back through mappable ones that are used again. Any number of reads may be in flight. */

export interface StagingPool {
  /** Bytes of `source` as they are after everything submitted so far. Offset and size are multiples of 4. */
  read(source: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer>;
}

const SMALLEST = 256;

export function createStagingPool(device: GPUDevice): StagingPool {
  const idle = new Map<number, GPUBuffer[]>();

  function take(capacity: number): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    return idle.get(capacity)?.pop() ?? device.createBuffer({ label: `staging ${capacity}`, size: capacity, usage });
  }

  function giveBack(buffer: GPUBuffer): void {
    const buffers = idle.get(buffer.size) ?? [];
    buffers.push(buffer);
    idle.set(buffer.size, buffers);
  }

  return {
    async read(source, offset, size) {
      if (size === 0) return new ArrayBuffer(0);
      // Powers of two, so that a buffer serves reads of many sizes.
      const buffer = take(Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(size))));
      const encoder = device.createCommandEncoder({ label: 'read' });
      encoder.copyBufferToBuffer(source, offset, buffer, 0, size);
      device.queue.submit([encoder.finish()]);
      await buffer.mapAsync(GPUMapMode.READ, 0, size);
      const data = buffer.getMappedRange(0, size).slice(0);
      buffer.unmap();
      giveBack(buffer);
      return data;
    },
  };
}
