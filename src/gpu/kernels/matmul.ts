import { defineKernel } from '../kernel.ts';
import wgsl from './matmul.wgsl?raw';

/** Rows and columns that one invocation of a matrix product makes, here and in its two gradients. */
export const MATMUL_BLOCK = 8;

/**
 * A dense layer over a range of rows: `y[r, :] (+)= x[r, :] W + b`.
 * `w` is `[inner + bias, columns]`, its last row the bias. Rows `base .. base + rows - 1`, both read
 * from `counts`. Invocations: rows x ceil(columns / MATMUL_BLOCK) are enough (a block makes as many rows).
 */
export const matmul = defineKernel({
  name: 'matmul',
  about: 'Dense layer: rows times a weight matrix plus its bias',
  wgsl,
  bindings: { counts: 'read u32', x: 'read f32', w: 'read f32', y: 'write f32' },
  params: {
    rowsIndex: 'u32',
    baseIndex: 'u32',
    inner: 'u32',
    columns: 'u32',
    xStride: 'u32',
    xOffset: 'u32',
    yStride: 'u32',
    yOffset: 'u32',
    bias: 'u32',
    accumulate: 'u32',
  },
  twin({ counts, x, w, y }, p) {
    const base = counts[p.baseIndex];
    const end = base + counts[p.rowsIndex];
    const { inner, columns } = p;
    const sum = new Float64Array(columns);
    // Rows of w that count, four at a time: hashed text vectors have zeros, and sums stay in registers longer.
    const nonZero = new Uint32Array(inner);
    for (let r = base; r < end; r++) {
      const xr = r * p.xStride + p.xOffset;
      const yr = r * p.yStride + p.yOffset;
      for (let c = 0; c < columns; c++) {
        sum[c] = (p.bias === 1 ? w[inner * columns + c] : 0) + (p.accumulate === 1 ? y[yr + c] : 0);
      }
      let n = 0;
      for (let k = 0; k < inner; k++) if (x[xr + k] !== 0) nonZero[n++] = k;
      let j = 0;
      for (; j + 3 < n; j += 4) {
        const [k0, k1, k2, k3] = [nonZero[j], nonZero[j + 1], nonZero[j + 2], nonZero[j + 3]];
        const [x0, x1, x2, x3] = [x[xr + k0], x[xr + k1], x[xr + k2], x[xr + k3]];
        const [w0, w1, w2, w3] = [k0 * columns, k1 * columns, k2 * columns, k3 * columns];
        for (let c = 0; c < columns; c++) {
          sum[c] += x0 * w[w0 + c] + x1 * w[w1 + c] + x2 * w[w2 + c] + x3 * w[w3 + c];
        }
      }
      for (; j < n; j++) {
        const xv = x[xr + nonZero[j]];
        const wk = nonZero[j] * columns;
        for (let c = 0; c < columns; c++) sum[c] += xv * w[wk + c];
      }
      for (let c = 0; c < columns; c++) y[yr + c] = sum[c];
    }
  },
});
