/**
 * The CPU backend: every dispatch is its kernel's twin. The oracle of the tests (in float64 where
 * finite differences are taken) and the fallback where there is no WebGPU.
 */
import type { Backend, Command, Program, Tensor } from './backend.ts';
import type { ElementType, Floats } from './kernel.ts';
import { timesByKernel } from './kernelTimes.ts';
import { nextMacrotask } from './nextMacrotask.ts';
import { validate, validateAllocation, validateView, validateWrite } from './validate.ts';

const SLICE_MILLISECONDS = 30;

type Storage = Floats | Uint32Array;

interface Step {
  /** Undefined where a command is no dispatch. */
  readonly kernel?: string;
  readonly run: () => void;
}

/** @param precision element type of float tensors; 'f64' makes the twins an oracle for finite differences */
export function createCpuBackend(precision: 'f32' | 'f64' = 'f32'): Backend {
  const storages: Storage[] = [];
  const programs = new WeakMap<Program, readonly Step[]>();
  let bytes = 0;
  let submissions = 0;

  const array = (tensor: Tensor): Storage =>
    storages[tensor.storage].subarray(tensor.offset, tensor.offset + tensor.length);

  function allocate<T extends ElementType>(
    type: T,
    length: number,
    label: string,
    data?: ArrayLike<number>,
  ): Tensor<T> {
    validateAllocation(label, length, data);
    const storage =
      type === 'u32'
        ? new Uint32Array(length)
        : precision === 'f64'
          ? new Float64Array(length)
          : new Float32Array(length);
    if (data) storage.set(data);
    storages.push(storage);
    bytes += storage.byteLength;
    return { label, type, length, storage: storages.length - 1, offset: 0 };
  }

  function compile(command: Command): Step {
    if (command.op === 'clear') {
      const target = array(command.tensor);
      return { run: () => target.fill(0) };
    }
    if (command.op === 'copy') {
      const from = array(command.from);
      const to = array(command.to);
      return { run: () => to.set(from) };
    }
    const { kernel, params } = command;
    const buffers: Record<string, Storage> = {};
    for (const name of Object.keys(kernel.bindings)) buffers[name] = array(command.tensors[name]);
    const twin = kernel.twin as (buffers: Record<string, Storage>, params: Readonly<Record<string, number>>) => void;
    return { kernel: kernel.name, run: () => twin(buffers, params) };
  }

  function stepsOf(program: Program): readonly Step[] {
    const steps = programs.get(program);
    if (!steps) throw new Error(`program "${program.label}" was recorded by another backend`);
    return steps;
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
    free({ storage }) {
      bytes -= storages[storage].byteLength;
      storages[storage] = new Uint32Array(0);
    },
    view(tensor, offset, length, label) {
      validateView(tensor, offset, length, label);
      return { ...tensor, offset: tensor.offset + offset, length, label };
    },
    write(tensor, data) {
      validateWrite(tensor, data);
      array(tensor).set(data);
    },
    async record(label, commands, counts) {
      validate(label, commands, counts);
      const steps = commands.filter((c) => c.op !== 'dispatch' || c.invocations !== 0).map(compile);
      const program: Program = { label, dispatches: commands.filter(({ op }) => op === 'dispatch').length };
      programs.set(program, steps);
      return program;
    },
    async run(program) {
      const steps = stepsOf(program);
      submissions++;
      let sliceEnd = performance.now() + SLICE_MILLISECONDS;
      for (const step of steps) {
        step.run();
        if (performance.now() > sliceEnd) {
          await nextMacrotask();
          sliceEnd = performance.now() + SLICE_MILLISECONDS;
        }
      }
    },
    read: (async (tensor: Tensor) => array(tensor).slice()) as Backend['read'],
    async profile(program) {
      const steps = stepsOf(program);
      submissions++;
      const times: { kernel: string; milliseconds: number }[] = [];
      for (const { kernel, run } of steps) {
        const start = performance.now();
        run();
        if (kernel !== undefined) times.push({ kernel, milliseconds: performance.now() - start });
      }
      return timesByKernel(times);
    },
    destroy() {
      storages.length = 0;
    },
  };
}
