/** A kernel on the GPU against its twin on the CPU. For *.browser.test.ts. */
import type { Backend, Invocations, Tensor } from '../backend.ts';
import { createCpuBackend } from '../cpuBackend.ts';
import type { Bindings, ElementType, Kernel, Params } from '../kernel.ts';
import { firstDifference, normRelative } from './difference.ts';
import { expectNoFailure, testBackend } from './testBackend.ts';

export interface Setup<B extends Bindings, P extends Params> {
  /** What each bound tensor holds at first; its length is the tensor's. Each gets a storage of its own. */
  readonly tensors: { readonly [K in keyof B]: ArrayLike<number> };
  readonly params: { readonly [K in keyof P]: number };
  readonly invocations: Invocations;
  /** The binding that dynamic invocations count in. */
  readonly counts?: keyof B & string;
  /** Of the twin's floats; float32 unless told. */
  readonly precision?: 'f32' | 'f64';
}

type Differences<B extends Bindings> = {
  readonly [K in keyof B as B[K] extends 'write f32' ? K : never]: number;
};

let shared: Promise<Backend> | undefined;

/** One device for all comparisons of a file, so that a kernel is compiled once. */
async function withDevice<T>(use: (backend: Backend) => Promise<T>): Promise<T> {
  shared ??= testBackend();
  try {
    const backend = await shared;
    const result = await use(backend);
    await expectNoFailure(backend);
    return result;
  } catch (error) {
    // The next test starts on a device without this error.
    shared = undefined;
    throw error;
  }
}

/** What the kernel wrote, by binding. */
async function outputs(
  backend: Backend,
  kernel: Kernel,
  { tensors, params, invocations, counts }: Setup<Bindings, Params>,
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const bound: Record<string, Tensor> = {};
  const make = (type: ElementType, name: string) =>
    type === 'f32'
      ? backend.tensor('f32', tensors[name].length, name, tensors[name])
      : backend.tensor('u32', tensors[name].length, name, tensors[name]);
  for (const [name, type] of Object.entries(kernel.bindings))
    bound[name] = make(type.endsWith('f32') ? 'f32' : 'u32', name);
  const command = { op: 'dispatch' as const, kernel, tensors: bound, params, invocations };
  const counted = counts === undefined ? undefined : (bound[counts] as Tensor<'u32'>);
  await backend.run(await backend.record(kernel.name, [command], counted));
  const written = Object.entries(kernel.bindings).filter(([, type]) => type.startsWith('write'));
  return new Map(
    await Promise.all(
      written.map(
        async ([name]): Promise<[string, ArrayLike<number>]> => [
          name,
          await backend.read(bound[name] as Tensor<'f32'>),
        ],
      ),
    ),
  );
}

/**
 * Runs one dispatch of the kernel on WebGPU and on the CPU backend.
 * @returns `||gpu - cpu|| / ||cpu||` of every float tensor that the kernel writes
 * @throws Error where integers differ, the device reports an error, or there is no device
 */
export async function compareWithTwin<B extends Bindings, P extends Params>(
  kernel: Kernel<B, P>,
  setup: Setup<B, P>,
): Promise<Differences<B>> {
  // As in `dispatch`: from here on names are looked up in the kernel's own description.
  const plain = kernel as unknown as Kernel;
  const plainSetup = setup as unknown as Setup<Bindings, Params>;
  const expected = await outputs(createCpuBackend(setup.precision ?? 'f32'), plain, plainSetup);
  const actual = await withDevice((backend) => outputs(backend, plain, plainSetup));
  const differences: Record<string, number> = {};
  for (const [name, values] of actual) {
    const twin = expected.get(name) ?? [];
    if (plain.bindings[name] === 'write f32') {
      differences[name] = normRelative(values, twin);
      continue;
    }
    const difference = firstDifference(values, twin);
    if (difference !== undefined) throw new Error(`kernel "${kernel.name}", "${name}": ${difference}`);
  }
  return differences as Differences<B>;
}
