import { defineKernel } from '../kernel.ts';
import wgsl from './matmul.wgsl?raw';

/**
 * A dense layer over a range of rows: `y[r, :] (+)= x[r, :] W + b`.
 * `w` is `[inner + bias, columns]`, its last row the bias. Rows `base .. base + rows - 1`, both read
 * from `counts`. Invocations: rows x ceil(columns / 4) are enough (a block makes 4 rows).
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
    for (let r = base; r < end; r++) {
      const xr = r * p.xStride + p.xOffset;
      const yr = r * p.yStride + p.yOffset;
      for (let c = 0; c < columns; c++) {
        sum[c] = (p.bias === 1 ? w[inner * columns + c] : 0) + (p.accumulate === 1 ? y[yr + c] : 0);
      }
      for (let k = 0; k < inner; k++) {
        const xv = x[xr + k];
        if (xv === 0) continue; // hashed text vectors are sparse
        const wk = k * columns;
        for (let c = 0; c < columns; c++) sum[c] += xv * w[wk + c];
      }
      for (let c = 0; c < columns; c++) y[yr + c] = sum[c];
    }
  },
});
