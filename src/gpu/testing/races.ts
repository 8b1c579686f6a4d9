/** A search for data races in kernels whose invocations work together. Runs in Node only. */
import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { Bindings, Kernel, Params } from '../kernel.ts';
import { packUniforms } from '../uniforms.ts';

/**
 * Interprets the kernel with the invocations of each workgroup in step from barrier to barrier, and reports
 * what two of them touch without one between, where one writes and not both are atomic. Slow: keep tensors
 * and workgroups few.
 * @returns one line per race or error of the interpreter, none where the kernel is sound on these inputs
 */
export function racesOf<B extends Bindings, P extends Params>(
  kernel: Kernel<B, P>,
  tensors: { readonly [K in keyof B]: ArrayLike<number> },
  params: { readonly [K in keyof P]: number },
  workgroups = 1,
): string[] {
  const buffers = new Map<string, unknown>();
  for (const [i, [name, type]] of Object.entries(kernel.bindings).entries()) {
    const data = tensors[name];
    buffers.set(String(i), (type.endsWith('f32') ? new Float32Array(data) : new Uint32Array(data)).buffer);
  }
  if (Object.keys(kernel.params).length > 0) {
    const { bytes } = packUniforms([{ types: kernel.params, values: params }]);
    buffers.set(String(buffers.size), { uniform: bytes });
  }
  const { races, errors } = detectRaces(kernel.wgsl, 'main', [workgroups], { 0: Object.fromEntries(buffers) });
  return [...races.map(({ message }) => message), ...errors];
}
