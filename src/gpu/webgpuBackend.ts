/**
 * The WebGPU backend. A program is recorded once (pipelines, bind groups, uniforms, indirect
 * arguments) and replayed with one command buffer and one submission per run.
 */
import type { Backend, Command, KernelTime, Program, Tensor } from './backend.ts';
import { AllocationTooLarge } from './backend.ts';
import { complaintsOf, DeviceFailure, failureOf, KernelCompileError } from './failure.ts';
import { grid } from './grid.ts';
import type { ElementType, Kernel } from './kernel.ts';
import { prepareArguments } from './kernels/prepareArguments.ts';
import { type Slot, schedule } from './schedule.ts';
import { createStagingPool } from './stagingPool.ts';
import { createTimer } from './timer.ts';
import { validate, validateAllocation, validateView, validateWrite } from './validate.ts';

const ELEMENT_BYTES = 4;
/** Offsets of uniforms are multiples of this on any device. */
const UNIFORM_ALIGNMENT = 256;
const GRID_BYTES = 3 * ELEMENT_BYTES;

type Dispatch = Extract<Command, { op: 'dispatch' }>;

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Workgroups known when recorded, or where the device keeps them. */
type Grid = readonly [x: number, y: number] | { readonly buffer: GPUBuffer; readonly offset: number };

interface RecordedDispatch {
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly grid: Grid;
}

/** A run of dispatches that share a compute pass, or a command between passes. */
type Recorded = readonly RecordedDispatch[] | ((encoder: GPUCommandEncoder) => void);

function packUniforms(dispatches: readonly Dispatch[]): {
  readonly bytes: ArrayBuffer;
  readonly offsets: readonly number[];
} {
  const offsets: number[] = [];
  let size = 0;
  for (const { kernel } of dispatches) {
    offsets.push(size);
    const length = Object.keys(kernel.params).length * ELEMENT_BYTES;
    size += Math.ceil(length / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
  }
  const bytes = new ArrayBuffer(size);
  const view = new DataView(bytes);
  for (const [i, { kernel, params }] of dispatches.entries()) {
    for (const [field, [name, type]] of Object.entries(kernel.params).entries()) {
      const at = offsets[i] + field * ELEMENT_BYTES;
      if (type === 'u32') view.setUint32(at, params[name], true);
      else view.setFloat32(at, params[name], true);
    }
  }
  return { bytes, offsets };
}

function typed(type: ElementType, data: ArrayLike<number>): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  return type === 'f32' ? Float32Array.from(data) : Uint32Array.from(data);
}

function encodeDispatch(pass: GPUComputePassEncoder, { pipeline, bindGroup, grid }: RecordedDispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  if ('buffer' in grid) pass.dispatchWorkgroupsIndirect(grid.buffer, grid.offset);
  else pass.dispatchWorkgroups(grid[0], grid[1]);
}

/**
 * A backend on a device, which becomes its own: `destroy` destroys it.
 * @param about the adapter in words, and whether it is a software one; see `acquireDevice`
 */
export function createWebgpuBackend(
  device: GPUDevice,
  about: { readonly adapter: string; readonly software: boolean },
): Backend {
  const storages: GPUBuffer[] = [];
  const pipelines = new Map<Kernel, Promise<Pipeline>>();
  const programs = new WeakMap<Program, readonly Recorded[]>();
  const staging = createStagingPool(device);
  const timer = createTimer(device);
  let bytes = 0;
  let submissions = 0;
  let destroyed = false;

  let failure: DeviceFailure | undefined;
  let fail: (reason: DeviceFailure) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = (reason) => {
      failure ??= reason;
      reject(failure);
    };
  });
  // Who does not watch `failed` learns of the failure at the next run or read.
  failed.catch(() => {});
  device.addEventListener('uncapturederror', (event) => fail(failureOf(event.error)));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fail(new DeviceFailure('lost', message));
  });

  function assertAlive(): void {
    if (failure) throw failure;
    if (destroyed) throw new Error('this backend was destroyed');
  }

  function createBuffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    device.pushErrorScope('out-of-memory');
    // An empty buffer cannot be bound.
    const buffer = device.createBuffer({ label, size: Math.max(size, ELEMENT_BYTES), usage });
    device.popErrorScope().then(
      (error) => error && fail(new DeviceFailure('out-of-memory', `no room for "${label}" of ${size} bytes.`)),
      () => {},
    );
    return buffer;
  }

  const { STORAGE, COPY_SRC, COPY_DST, INDIRECT, UNIFORM } = GPUBufferUsage;
  // What empty tensors are bound to. Two, because a buffer is either read or written in a dispatch;
  // a place per binding in the second, because what is written must not overlap.
  const emptyRead = createBuffer('empty, read', UNIFORM_ALIGNMENT, STORAGE);
  const emptyWritten = createBuffer('empty, written', 8 * UNIFORM_ALIGNMENT, STORAGE);

  function binding(tensor: Tensor, writes: boolean, index: number): GPUBufferBinding {
    if (tensor.length > 0) {
      const offset = tensor.offset * ELEMENT_BYTES;
      return { buffer: storages[tensor.storage], offset, size: tensor.length * ELEMENT_BYTES };
    }
    return writes
      ? { buffer: emptyWritten, offset: index * UNIFORM_ALIGNMENT, size: ELEMENT_BYTES }
      : { buffer: emptyRead, size: ELEMENT_BYTES };
  }

  function write(tensor: Tensor, data: ArrayLike<number>): void {
    validateWrite(tensor, data);
    device.queue.writeBuffer(storages[tensor.storage], tensor.offset * ELEMENT_BYTES, typed(tensor.type, data));
  }

  function allocate<T extends ElementType>(
    type: T,
    length: number,
    label: string,
    data?: ArrayLike<number>,
    usage: GPUBufferUsageFlags = STORAGE | COPY_SRC | COPY_DST,
  ): Tensor<T> {
    validateAllocation(label, length, data);
    const size = length * ELEMENT_BYTES;
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    if (size > limit) throw new AllocationTooLarge(label, size, limit);
    storages.push(createBuffer(label, size, usage));
    bytes += size;
    const tensor: Tensor<T> = { label, type, length, storage: storages.length - 1, offset: 0 };
    if (data) write(tensor, data);
    return tensor;
  }

  async function compile(kernel: Kernel): Promise<Pipeline> {
    const types: GPUBufferBindingType[] = Object.values(kernel.bindings).map((type) =>
      type.startsWith('write') ? 'storage' : 'read-only-storage',
    );
    if (Object.keys(kernel.params).length > 0) types.push('uniform');
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
    const layout = device.createBindGroupLayout({
      label: kernel.name,
      entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    });
    const creating = device.createComputePipelineAsync({
      label: kernel.name,
      layout: device.createPipelineLayout({ label: kernel.name, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    const [created, scoped] = await Promise.allSettled([creating, device.popErrorScope()]);
    if (failure) throw failure;
    const error = created.status === 'rejected' ? created.reason : scoped.status === 'fulfilled' ? scoped.value : null;
    if (created.status === 'rejected' || error) {
      const complaints = await complaintsOf(module);
      throw new KernelCompileError(kernel.name, complaints.length > 0 ? complaints : [String(error.message)]);
    }
    return { pipeline: created.value, layout };
  }

  function pipelineOf(kernel: Kernel): Promise<Pipeline> {
    const pipeline = pipelines.get(kernel) ?? compile(kernel);
    pipelines.set(kernel, pipeline);
    return pipeline;
  }

  /** The command that fills the arguments of dynamic dispatches, and the buffer it fills. */
  function preparation(label: string, slots: readonly Slot[], counts: Tensor<'u32'>): [Dispatch, GPUBuffer] {
    const data = slots.flatMap(({ index, times, workgroup }) => [index, times, workgroup]);
    const grids = allocate('u32', 3 * slots.length, `${label}: grids`, undefined, STORAGE | INDIRECT);
    const tensors = { counts, slots: allocate('u32', data.length, `${label}: slots`, data), grids };
    const params = { slots: slots.length };
    // The one kernel that is not handed in by a caller; its own type parameters are of no further use.
    const kernel = prepareArguments as unknown as Kernel;
    return [{ op: 'dispatch', kernel, tensors, params, invocations: slots.length }, storages[grids.storage]];
  }

  async function record(label: string, commands: readonly Command[], counts?: Tensor<'u32'>): Promise<Program> {
    assertAlive();
    validate(label, commands, counts);
    const { slots, steps } = schedule(commands, counts);
    const [prepare, grids] = counts && slots.length > 0 ? preparation(label, slots, counts) : [];

    const ordered = steps.flatMap((step) =>
      step.op === 'command' ? [step] : prepare ? [{ op: 'command' as const, command: prepare }] : [],
    );
    const dispatches = ordered.flatMap(({ command }) => (command.op === 'dispatch' ? [command] : []));
    const kernels = [...new Set(dispatches.map(({ kernel }) => kernel))];
    const compiled = new Map<Kernel, Pipeline>(
      await Promise.all(kernels.map(async (kernel) => [kernel, await pipelineOf(kernel)] as const)),
    );
    assertAlive();

    device.pushErrorScope('validation');
    const packed = packUniforms(dispatches);
    const uniforms = createBuffer(`${label}: uniforms`, packed.bytes.byteLength, UNIFORM | COPY_DST);
    device.queue.writeBuffer(uniforms, 0, packed.bytes);

    let dispatched = 0;
    function recordDispatch(command: Dispatch, slot: number | undefined): RecordedDispatch {
      const { kernel, tensors, invocations } = command;
      const found = compiled.get(kernel);
      if (!found) throw new Error(`kernel "${kernel.name}" was not compiled`);
      const bindings = Object.entries(kernel.bindings).map(([name, type], i) =>
        binding(tensors[name], type.startsWith('write'), i),
      );
      const params = Object.keys(kernel.params).length;
      const offset = packed.offsets[dispatched++];
      if (params > 0) bindings.push({ buffer: uniforms, offset, size: params * ELEMENT_BYTES });
      const entries = bindings.map((resource, i) => ({ binding: i, resource }));
      const bindGroup = device.createBindGroup({ label: kernel.name, layout: found.layout, entries });
      const where: Grid =
        typeof invocations === 'number'
          ? grid(invocations, kernel.workgroup)
          : { buffer: grids as GPUBuffer, offset: (slot as number) * GRID_BYTES };
      return { kernel: kernel.name, pipeline: found.pipeline, bindGroup, grid: where };
    }

    const recorded: (RecordedDispatch[] | ((encoder: GPUCommandEncoder) => void))[] = [];
    for (const step of ordered) {
      const { command } = step;
      if (command.op === 'dispatch') {
        const last = recorded.at(-1);
        const dispatch = recordDispatch(command, 'slot' in step ? step.slot : undefined);
        if (Array.isArray(last)) last.push(dispatch);
        else recorded.push([dispatch]);
      } else if (command.op === 'clear') {
        const { storage, offset, length } = command.tensor;
        recorded.push((e) => e.clearBuffer(storages[storage], offset * ELEMENT_BYTES, length * ELEMENT_BYTES));
      } else {
        const { from, to } = command;
        const size = from.length * ELEMENT_BYTES;
        const [fromAt, toAt] = [from.offset * ELEMENT_BYTES, to.offset * ELEMENT_BYTES];
        recorded.push((e) => e.copyBufferToBuffer(storages[from.storage], fromAt, storages[to.storage], toAt, size));
      }
    }
    const error = await device.popErrorScope();
    if (error) throw failureOf(error);

    const program: Program = { label, dispatches: commands.filter(({ op }) => op === 'dispatch').length };
    programs.set(program, recorded);
    return program;
  }

  function recordingOf(program: Program): readonly Recorded[] {
    assertAlive();
    const recorded = programs.get(program);
    if (!recorded) throw new Error(`program "${program.label}" was recorded by another backend`);
    return recorded;
  }

  async function run(program: Program): Promise<void> {
    const encoder = device.createCommandEncoder({ label: program.label });
    for (const item of recordingOf(program)) {
      if (typeof item === 'function') {
        item(encoder);
      } else {
        const pass = encoder.beginComputePass({ label: program.label });
        for (const dispatch of item) encodeDispatch(pass, dispatch);
        pass.end();
      }
    }
    device.queue.submit([encoder.finish()]);
    submissions++;
  }

  async function profile(program: Program): Promise<readonly KernelTime[] | null> {
    const recorded = recordingOf(program);
    if (!timer) return null;
    const encoder = device.createCommandEncoder({ label: `${program.label}, timed` });
    const dispatches = recorded.flatMap((item) => (typeof item === 'function' ? [] : item));
    const timing = timer.start(dispatches.length);
    let timed = 0;
    for (const item of recorded) {
      if (typeof item === 'function') {
        item(encoder);
        continue;
      }
      for (const dispatch of item) {
        const pass = encoder.beginComputePass({ label: dispatch.kernel, timestampWrites: timing.writes(timed++) });
        encodeDispatch(pass, dispatch);
        pass.end();
      }
    }
    timing.resolve(encoder);
    device.queue.submit([encoder.finish()]);
    submissions++;
    const times = new Map<string, { milliseconds: number; dispatches: number }>();
    for (const [i, milliseconds] of (await timing.read()).entries()) {
      const time = times.get(dispatches[i].kernel) ?? { milliseconds: 0, dispatches: 0 };
      time.milliseconds += milliseconds;
      time.dispatches++;
      times.set(dispatches[i].kernel, time);
    }
    return [...times].map(([kernel, time]) => ({ kernel, ...time }));
  }

  async function read(tensor: Tensor): Promise<Float32Array | Uint32Array> {
    assertAlive();
    const size = tensor.length * ELEMENT_BYTES;
    const data = await staging.read(storages[tensor.storage], tensor.offset * ELEMENT_BYTES, size).catch((error) => {
      assertAlive();
      throw error;
    });
    return tensor.type === 'f32' ? new Float32Array(data) : new Uint32Array(data);
  }

  return {
    kind: 'webgpu',
    ...about,
    get bytes() {
      return bytes;
    },
    get submissions() {
      return submissions;
    },
    failed,
    tensor: ((type: ElementType, length: number, label: string, data?: ArrayLike<number>) =>
      allocate(type, length, label, data)) as Backend['tensor'],
    view(tensor, offset, length, label) {
      validateView(tensor, offset, length, label);
      return { ...tensor, offset: tensor.offset + offset, length, label };
    },
    write,
    record,
    run,
    read: read as Backend['read'],
    profile,
    destroy() {
      destroyed = true;
      device.destroy();
    },
  };
}
