/**
 * The WebGPU backend. A program is recorded once (pipelines, bind groups, uniforms) and replayed with
 * one command buffer and one submission per run.
 */
import type { Backend, Command, Invocations, KernelTime, Program, Tensor } from './backend.ts';
import { AllocationTooLarge } from './backend.ts';
import { DeviceFailure, failureOf } from './failure.ts';
import { grid } from './grid.ts';
import type { ElementType, Kernel } from './kernel.ts';
import { timesByKernel } from './kernelTimes.ts';
import { createPipelines, type Pipeline } from './pipelines.ts';
import {
  dispatchesOf,
  encode,
  encodeTimed,
  type RecordedDispatch,
  type Recording,
  type Transfer,
} from './recording.ts';
import { createStagingPool } from './stagingPool.ts';
import { createTimer } from './timer.ts';
import { packUniforms } from './uniforms.ts';
import { validate, validateAllocation, validateView, validateWrite } from './validate.ts';
import { watch } from './watch.ts';

const ELEMENT_BYTES = 4;
/** Offsets of bindings are multiples of this on any device. */
const BINDING_ALIGNMENT = 256;

type Dispatch = Extract<Command, { op: 'dispatch' }>;

/** Invocations that are dispatched. */
function mostOf(invocations: Invocations): number {
  return typeof invocations === 'number' ? invocations : invocations.most;
}

/**
 * What is of the right type already is passed on without a copy: the plan is written before every step.
 * (The lab works without cross-origin isolation, so no array here is on shared memory.)
 */
function typed(type: ElementType, data: ArrayLike<number>): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  if (type === 'f32' && data instanceof Float32Array) return data as Float32Array<ArrayBuffer>;
  if (type === 'u32' && data instanceof Uint32Array) return data as Uint32Array<ArrayBuffer>;
  return type === 'f32' ? new Float32Array(data) : new Uint32Array(data);
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
  const pipelineOf = createPipelines(device);
  const programs = new WeakMap<Program, Recording>();
  const staging = createStagingPool(device);
  const timer = createTimer(device);
  let bytes = 0;
  let submissions = 0;
  const { failed, fail, end, assertAlive, outcome } = watch(device);

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

  const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
  // What empty tensors are bound to. Two, because a buffer is either read or written in a dispatch;
  // a place per binding in the second, because what is written must not overlap.
  const emptyRead = createBuffer('empty, read', BINDING_ALIGNMENT, STORAGE);
  const emptyWritten = createBuffer('empty, written', 8 * BINDING_ALIGNMENT, STORAGE);

  function binding(tensor: Tensor, writes: boolean, index: number): GPUBufferBinding {
    if (tensor.length > 0) {
      const offset = tensor.offset * ELEMENT_BYTES;
      return { buffer: storages[tensor.storage], offset, size: tensor.length * ELEMENT_BYTES };
    }
    return writes
      ? { buffer: emptyWritten, offset: index * BINDING_ALIGNMENT, size: ELEMENT_BYTES }
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

  /** A clear, or a copy of `from`. */
  function transferOf(to: Tensor, from?: Tensor): Transfer {
    const [target, at, size] = [storages[to.storage], to.offset * ELEMENT_BYTES, to.length * ELEMENT_BYTES];
    if (!from) return (encoder) => encoder.clearBuffer(target, at, size);
    const [source, fromAt] = [storages[from.storage], from.offset * ELEMENT_BYTES];
    return (encoder) => encoder.copyBufferToBuffer(source, fromAt, target, at, size);
  }

  async function record(label: string, commands: readonly Command[], counts?: Tensor<'u32'>): Promise<Program> {
    assertAlive();
    validate(label, commands, counts);
    const ordered = commands.filter((command) => command.op !== 'dispatch' || mostOf(command.invocations) > 0);
    const dispatches = ordered.filter((command) => command.op === 'dispatch');
    const kernels = [...new Set(dispatches.map(({ kernel }) => kernel))];
    const compiled = new Map<Kernel, Pipeline>(
      await outcome(Promise.all(kernels.map(async (kernel) => [kernel, await pipelineOf(kernel)] as const))),
    );
    assertAlive();

    device.pushErrorScope('validation');
    const packed = packUniforms(dispatches.map(({ kernel, params }) => ({ types: kernel.params, values: params })));
    const uniforms = createBuffer(`${label}: uniforms`, packed.bytes.byteLength, UNIFORM | COPY_DST);
    device.queue.writeBuffer(uniforms, 0, packed.bytes);

    let dispatched = 0;
    function recordDispatch({ kernel, tensors, invocations }: Dispatch): RecordedDispatch {
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
      return {
        kernel: kernel.name,
        pipeline: found.pipeline,
        bindGroup,
        grid: grid(mostOf(invocations), kernel.workgroup),
      };
    }

    const recording = ordered.map((command): RecordedDispatch | Transfer => {
      if (command.op === 'dispatch') return recordDispatch(command);
      if (command.op === 'clear') return transferOf(command.tensor);
      return transferOf(command.to, command.from);
    });
    const error = await outcome(device.popErrorScope());
    if (error) throw failureOf(error);

    const program: Program = { label, dispatches: commands.filter(({ op }) => op === 'dispatch').length };
    programs.set(program, recording);
    return program;
  }

  function recordingOf(program: Program): Recording {
    assertAlive();
    const recording = programs.get(program);
    if (!recording) throw new Error(`program "${program.label}" was recorded by another backend`);
    return recording;
  }

  /** The one submission of a run. */
  function submit(encoder: GPUCommandEncoder): void {
    device.queue.submit([encoder.finish()]);
    submissions++;
  }

  async function run(program: Program): Promise<void> {
    const recording = recordingOf(program);
    const encoder = device.createCommandEncoder({ label: program.label });
    encode(encoder, recording);
    submit(encoder);
  }

  async function profile(program: Program): Promise<readonly KernelTime[] | null> {
    const recording = recordingOf(program);
    if (!timer) return null;
    const dispatches = dispatchesOf(recording);
    const timing = timer.start(dispatches.length);
    const encoder = device.createCommandEncoder({ label: `${program.label}, timed` });
    encodeTimed(encoder, recording, timing.writes);
    timing.resolve(encoder);
    submit(encoder);
    const times = await outcome(timing.read());
    return timesByKernel(times.map((milliseconds, i) => ({ kernel: dispatches[i].kernel, milliseconds })));
  }

  async function read(tensor: Tensor): Promise<Float32Array | Uint32Array> {
    assertAlive();
    const size = tensor.length * ELEMENT_BYTES;
    const data = await outcome(staging.read(storages[tensor.storage], tensor.offset * ELEMENT_BYTES, size));
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
    free({ storage, length }) {
      bytes -= length * ELEMENT_BYTES;
      storages[storage].destroy();
    },
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
      end();
      device.destroy();
    },
  };
}
