/**
 * The CPU backend: every dispatch is its kernel's twin. The oracle of the tests (in float64 where
 * finite differences are taken) and the fallback where there is no WebGPU.
 */
import type { Backend, Command, Program, Tensor } from './backend.ts';
import { ALIGNMENT } from './backend.ts';
import type { ElementType, Floats } from './kernel.ts';

const SLICE_MILLISECONDS = 30;

/** Lets waiting messages be handled. Timers are clamped to 4 ms when nested; a message channel is not. */
function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

type Storage = Floats | Uint32Array;

interface CpuProgram extends Program {
  readonly steps: readonly (() => void)[];
  readonly kernels: readonly string[];
}

/** @param precision element type of float tensors; 'f64' makes the twins an oracle for finite differences */
export function createCpuBackend(precision: 'f32' | 'f64' = 'f32'): Backend {
  const storages: Storage[] = [];
  let bytes = 0;
  let submissions = 0;

  const array = (tensor: Tensor): Storage =>
    storages[tensor.storage].subarray(tensor.offset, tensor.offset + tensor.length);

  function allocate<T extends ElementType>(type: T, length: number, label: string, data?: ArrayLike<number>): Tensor<T> {
    const storage =
      type === 'u32' ? new Uint32Array(length) : precision === 'f64' ? new Float64Array(length) : new Float32Array(length);
    if (data) storage.set(data);
    storages.push(storage);
    bytes += storage.byteLength;
    return { label, type, length, storage: storages.length - 1, offset: 0 };
  }

  function compile(command: Command): () => void {
    if (command.op === 'clear') {
      const target = array(command.tensor);
      return () => target.fill(0);
    }
    if (command.op === 'copy') {
      const from = array(command.from);
      const to = array(command.to);
      return () => to.set(from);
    }
    const { kernel, params } = command;
    const buffers: Record<string, Storage> = {};
    for (const name of Object.keys(kernel.bindings)) buffers[name] = array(command.tensors[name]);
    const run = kernel.twin as (buffers: Record<string, Storage>, params: Readonly<Record<string, number>>) => void;
    return () => run(buffers, params);
  }

  return {
    kind: 'cpu',
    adapter: 'CPU (TypeScript)',
    software: false,
    get bytes() {
      return bytes;
    },
    get submissions() {
      return submissions;
    },
    failed: new Promise<never>(() => {}),
    tensor: allocate as Backend['tensor'],
    view(tensor, offset, length, label) {
      if (offset % ALIGNMENT !== 0 || offset + length > tensor.length) {
        throw new RangeError(`view "${label}" [${offset}, +${length}] does not fit in "${tensor.label}" of ${tensor.length}`);
      }
      return { ...tensor, offset: tensor.offset + offset, length, label };
    },
    write(tensor, data) {
      array(tensor).set(data);
    },
    async record(label, commands) {
      const steps = commands.map(compile);
      const kernels = commands.map((command) => (command.op === 'dispatch' ? command.kernel.name : command.op));
      const program: CpuProgram = { label, steps, kernels, dispatches: commands.filter((c) => c.op === 'dispatch').length };
      return program;
    },
    async run(program) {
      submissions++;
      let sliceEnd = performance.now() + SLICE_MILLISECONDS;
      for (const step of (program as CpuProgram).steps) {
        step();
        if (performance.now() > sliceEnd) {
          await nextMacrotask();
          sliceEnd = performance.now() + SLICE_MILLISECONDS;
        }
      }
    },
    read: (async (tensor: Tensor) => array(tensor).slice()) as Backend['read'],
    async profile(program) {
      const { steps, kernels } = program as CpuProgram;
      const times = new Map<string, { milliseconds: number; dispatches: number }>();
      for (const [i, step] of steps.entries()) {
        const start = performance.now();
        step();
        const entry = times.get(kernels[i]) ?? { milliseconds: 0, dispatches: 0 };
        entry.milliseconds += performance.now() - start;
        entry.dispatches++;
        times.set(kernels[i], entry);
      }
      return [...times].map(([kernel, time]) => ({ kernel, ...time }));
    },
    destroy() {
      storages.length = 0;
    },
  };
}
