/** The parameters of a program's dispatches, in one block of bytes. */
import type { Params } from './kernel.ts';

export const SCALAR_BYTES = 4;
/** Uniforms start at multiples of this on any device. */
const ALIGNMENT_BYTES = 256;

export interface PackedUniforms {
  readonly bytes: ArrayBuffer;
  /** Of each dispatch's first parameter, in bytes. */
  readonly offsets: readonly number[];
}

/** Packs as WGSL lays out a struct of u32 and f32 scalars: little-endian, 4 bytes each, in order. */
export function packUniforms(
  dispatches: readonly { readonly types: Params; readonly values: Readonly<Record<string, number>> }[],
): PackedUniforms {
  const offsets: number[] = [];
  let size = 0;
  for (const { types } of dispatches) {
    offsets.push(size);
    size += Math.ceil((Object.keys(types).length * SCALAR_BYTES) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }
  const bytes = new ArrayBuffer(size);
  const view = new DataView(bytes);
  for (const [i, { types, values }] of dispatches.entries()) {
    for (const [field, [name, type]] of Object.entries(types).entries()) {
      const at = offsets[i] + field * SCALAR_BYTES;
      if (type === 'u32') view.setUint32(at, values[name], true);
      else view.setFloat32(at, values[name], true);
    }
  }
  return { bytes, offsets };
}
