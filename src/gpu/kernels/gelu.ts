import type { Floats } from '../kernel.ts';
import { defineKernel } from '../kernel.ts';
import wgsl from './gelu.wgsl?raw';

const A = 0.7978845608028654;
const B = 0.044715;

/** tanh by one exponential; several times faster than Math.tanh and equal to 1e-16 where it matters. */
function tanh(z: number): number {
  return 1 - 2 / (Math.exp(2 * z) + 1);
}

/** GELU in its tanh form (Hendrycks and Gimpel 2016, 1606.08415): `x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))`. */
export function geluOf(x: number): number {
  return 0.5 * x * (1 + tanh(A * (x + B * x * x * x)));
}

/** Its derivative. */
export function geluSlope(x: number): number {
  const t = tanh(A * (x + B * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * A * (1 + 3 * B * x * x);
}

/** `y[i] = GELU(x[i])` over rows `base .. base + rows - 1` of `columns`. */
export const gelu = defineKernel({
  name: 'gelu',
  about: 'GELU, element by element',
  wgsl,
  bindings: { counts: 'read u32', x: 'read f32', y: 'write f32' },
  params: { rowsIndex: 'u32', baseIndex: 'u32', columns: 'u32', xStride: 'u32', xOffset: 'u32' },
  twin({ counts, x, y }: { counts: Uint32Array; x: Floats; y: Floats }, p) {
    const base = counts[p.baseIndex];
    for (let r = base; r < base + counts[p.rowsIndex]; r++) {
      for (let c = 0; c < p.columns; c++) y[r * p.columns + c] = geluOf(x[r * p.xStride + p.xOffset + c]);
    }
  },
});
