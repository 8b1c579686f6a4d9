/**
 * A kernel: one WGSL compute shader and its CPU twin, under one typed description.
 *
 * Every kernel is one-dimensional: invocation `i` of `n`, with
 * `i = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * WORKGROUP + local_invocation_index`,
 * so that `n` may exceed what one grid dimension holds. A kernel whose `n` is known only on the
 * device reads it from a counts buffer and returns where `i` is beyond it.
 *
 * The WGSL declares its bindings in the order of `bindings` in group 0, then, if there are
 * parameters, `var<uniform> p: Params` at the next binding, a struct of u32 and f32 scalars in the
 * order of `params`. A test holds the two to each other by reflection.
 */

export type ElementType = 'f32' | 'u32';
export type Access = 'read' | 'write';
/** What a kernel does with a bound buffer. `write` is WGSL `read_write`. */
export type BindingType = `${Access} ${ElementType}`;

/** Float buffers are float64 where a twin is run as the oracle of finite differences. */
export type Floats = Float32Array | Float64Array;
type ArrayOf<T extends BindingType> = T extends `${Access} f32` ? Floats : Uint32Array;

export type Bindings = Readonly<Record<string, BindingType>>;
export type Params = Readonly<Record<string, ElementType>>;

export interface Kernel<B extends Bindings = Bindings, P extends Params = Params> {
  readonly name: string;
  readonly wgsl: string;
  readonly bindings: B;
  readonly params: P;
  /** Invocations in a workgroup; 64 unless the kernel shares workgroup memory. */
  readonly workgroup: number;
  /** One line for people: what it computes. */
  readonly about: string;
  /** The same computation in plain TypeScript, over all invocations. */
  readonly twin: (
    buffers: { readonly [K in keyof B]: ArrayOf<B[K]> },
    params: { readonly [K in keyof P]: number },
  ) => void;
}

/** Describes a kernel; the type parameters tie the twin's arguments to the bindings. */
export function defineKernel<const B extends Bindings, const P extends Params>(
  kernel: Omit<Kernel<B, P>, 'workgroup'> & { readonly workgroup?: number },
): Kernel<B, P> {
  return { ...kernel, workgroup: kernel.workgroup ?? 64 };
}
