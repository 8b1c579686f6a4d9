/** Comparing a kernel with its twin at awkward sizes. Only test files import this. */
import { expect } from 'vitest';
import type { Backend, Command, Tensor } from '../backend.ts';
import type { Bindings, Kernel, Params } from '../kernel.ts';
import { compareWithTwin, type Setup } from '../testing/compareWithTwin.ts';

/** Nothing, one, a prime, a workgroup, and one more. */
export const SIZES = [0, 1, 7, 64, 65] as const;

/** Norm-relative, in float32. Integers must be equal. */
export const TOLERANCE = 1e-4;

type Buffers = Record<string, Float32Array | Uint32Array>;
type PlainSetup = Setup<Bindings, Params>;

const names = (kernel: Kernel, type: string): string[] =>
  Object.keys(kernel.bindings).filter((name) => kernel.bindings[name].startsWith(type));

const poison = (values: ArrayLike<number>): Float32Array => new Float32Array(values.length).fill(Number.NaN);

/** What the buffers hold after the twin. */
function afterTwin(kernel: Kernel, { tensors, params, invocations }: PlainSetup): Buffers {
  const buffers: Buffers = {};
  for (const [name, type] of Object.entries(kernel.bindings)) {
    buffers[name] = type.endsWith('f32') ? Float32Array.from(tensors[name]) : Uint32Array.from(tensors[name]);
  }
  const twin = kernel.twin as (buffers: Buffers, params: Readonly<Record<string, number>>) => void;
  if (invocations !== 0) twin(buffers, params);
  return buffers;
}

/**
 * The setup with NaN in every float tensor that the kernel writes and does not read. What both leave alone
 * then counts for nothing, and what the kernel fails to write is NaN against the twin's number, zeros included.
 */
function poisoned(kernel: Kernel, setup: PlainSetup): PlainSetup {
  const written = names(kernel, 'write f32');
  const plain = afterTwin(kernel, setup);
  const isRead = (name: string): boolean => {
    const tensors = { ...setup.tensors, [name]: poison(setup.tensors[name]) };
    const after = afterTwin(kernel, { ...setup, tensors });
    return written.some((out) =>
      after[out].some(
        (value, i) => Number.isNaN(value) && (out === name ? plain[out][i] !== setup.tensors[out][i] : true),
      ),
    );
  };
  const outputs = written.filter((name) => !isRead(name));
  return {
    ...setup,
    tensors: { ...setup.tensors, ...Object.fromEntries(outputs.map((name) => [name, poison(setup.tensors[name])])) },
  };
}

/**
 * Expects the kernel on WebGPU to do what its twin does, within TOLERANCE.
 * @returns whether anything was written at all, so that a comparison of nothing is noticed
 */
export async function expectTwin<B extends Bindings, P extends Params>(
  kernel: Kernel<B, P>,
  setup: Setup<B, P>,
): Promise<boolean> {
  // As in `dispatch`: from here on names are looked up in the kernel's own description.
  const plain = kernel as unknown as Kernel;
  const given = poisoned(plain, setup as unknown as PlainSetup);
  const differences = await compareWithTwin(plain, given);
  for (const [name, difference] of Object.entries(differences)) {
    expect(difference, `${kernel.name}: ${name}`).toBeLessThan(TOLERANCE);
  }
  const after = afterTwin(plain, given);
  return names(plain, 'write').some((name) =>
    after[name].some((value, i) => !Object.is(value, given.tensors[name][i])),
  );
}

/** One dispatch of a program, with all that it met in the buffers bound to it. */
export interface Captured {
  readonly kernel: Kernel;
  readonly setup: PlainSetup;
}

/**
 * Runs commands on the CPU one by one and keeps what each dispatch finds, so that its kernel can be compared
 * on the inputs of a real program.
 * @param counts the tensor that dynamic invocations count in
 */
export async function capture(
  backend: Backend,
  commands: readonly Command[],
  counts: Tensor<'u32'>,
): Promise<Captured[]> {
  const captured: Captured[] = [];
  for (const command of commands) {
    if (command.op === 'dispatch') {
      const { kernel, params, invocations } = command;
      const tensors: Record<string, ArrayLike<number>> = {};
      // The CPU backend reads either type by its storage.
      for (const [name, tensor] of Object.entries(command.tensors)) {
        tensors[name] = await backend.read(tensor as Tensor<'f32'>);
      }
      const binding = Object.keys(command.tensors).find((name) => command.tensors[name].storage === counts.storage);
      const setup = { tensors, params, invocations };
      captured.push({ kernel, setup: binding === undefined ? setup : { ...setup, counts: binding } });
    }
    await backend.run(await backend.record('captured', [command], counts));
  }
  return captured;
}

/** The captured dispatches of one kernel. @throws Error where there is none */
export function dispatchesOf(captured: readonly Captured[], kernel: { readonly name: string }): readonly Captured[] {
  const found = captured.filter((one) => one.kernel.name === kernel.name);
  if (found.length === 0) throw new Error(`nothing dispatches "${kernel.name}"`);
  return found;
}

/** The captured dispatch over the first `rows` of its rows. @throws Error where it has fewer */
export function withRows({ setup }: Captured, rows: number): PlainSetup {
  const { invocations, counts } = setup;
  if (typeof invocations === 'number' || counts === undefined) throw new Error('the size of this dispatch is fixed');
  const values = Uint32Array.from(setup.tensors[counts]);
  if (values[invocations.index] < rows) throw new Error(`the captured dispatch has ${values[invocations.index]} rows`);
  values[invocations.index] = rows;
  return { ...setup, tensors: { ...setup.tensors, [counts]: values } };
}
