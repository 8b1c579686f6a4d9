/** Time of compute passes, by timestamp queries. */

const TIMESTAMP_BYTES = 8;
/** Passes timed by one query set: it holds at most 4096 timestamps, and a pass takes two. */
const PASSES_PER_SET = 2048;
const NANOSECONDS_PER_MILLISECOND = 1e6;

export interface Timing {
  /** Where pass `i` leaves its timestamps. */
  writes(i: number): GPUComputePassTimestampWrites;
  /** Encodes the collection of all timestamps, after the last pass. */
  resolve(encoder: GPUCommandEncoder): void;
  /** Milliseconds of each pass, once submitted. May be read once. */
  read(): Promise<readonly number[]>;
}

/** @returns null where the device cannot tell time */
export function createTimer(device: GPUDevice): { start(passes: number): Timing } | null {
  if (!device.features.has('timestamp-query')) return null;
  return {
    start(passes) {
      const sizes = Array.from({ length: Math.ceil(passes / PASSES_PER_SET) }, (_, set) =>
        Math.min(PASSES_PER_SET, passes - set * PASSES_PER_SET),
      );
      const sets = sizes.map((size) => device.createQuerySet({ type: 'timestamp', count: 2 * size }));
      const size = Math.max(2 * passes, 1) * TIMESTAMP_BYTES;
      const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
      const resolved = device.createBuffer({ label: 'timestamps', size, usage: QUERY_RESOLVE | COPY_SRC });
      const mappable = device.createBuffer({ label: 'timestamps, read', size, usage: MAP_READ | COPY_DST });
      return {
        writes(i) {
          const at = 2 * (i % PASSES_PER_SET);
          const querySet = sets[Math.floor(i / PASSES_PER_SET)];
          return { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
        },
        resolve(encoder) {
          for (const [i, set] of sets.entries()) {
            encoder.resolveQuerySet(set, 0, 2 * sizes[i], resolved, 2 * i * PASSES_PER_SET * TIMESTAMP_BYTES);
          }
          encoder.copyBufferToBuffer(resolved, 0, mappable, 0, size);
        },
        async read() {
          await mappable.mapAsync(GPUMapMode.READ);
          const ticks = new BigUint64Array(mappable.getMappedRange().slice(0));
          for (const object of [...sets, resolved, mappable]) object.destroy();
          // A clock that is reset in between, which WebGPU allows, counts as no time.
          return Array.from({ length: passes }, (_, i) =>
            ticks[2 * i + 1] > ticks[2 * i] ? Number(ticks[2 * i + 1] - ticks[2 * i]) / NANOSECONDS_PER_MILLISECOND : 0,
          );
        },
      };
    },
  };
}
