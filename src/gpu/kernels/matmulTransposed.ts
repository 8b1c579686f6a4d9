import { defineKernel } from '../kernel.ts';
import wgsl from './matmulTransposed.wgsl?raw';

/**
 * Gradient of a dense layer with respect to its input: `dx[r, :] (+)= dy[r, :] W^T`, over all rows.
 * `w` is `[inner (+ bias), columns]`; the bias row is not read.
 */
export const matmulTransposed = defineKernel({
  name: 'matmulTransposed',
  about: 'Backward through a dense layer, to its input',
  wgsl,
  bindings: { counts: 'read u32', dy: 'read f32', w: 'read f32', dx: 'write f32' },
  params: {
    rowsIndex: 'u32',
    inner: 'u32',
    columns: 'u32',
    xStride: 'u32',
    xOffset: 'u32',
    yStride: 'u32',
    yOffset: 'u32',
    accumulate: 'u32',
  },
  twin({ counts, dy, w, dx }, p) {
    const rows = counts[p.rowsIndex];
    const { inner, columns } = p;
    const row = new Float64Array(columns);
    for (let r = 0; r < rows; r++) {
      const xr = r * p.xStride + p.xOffset;
      const yr = r * p.yStride + p.yOffset;
      for (let c = 0; c < columns; c++) row[c] = dy[yr + c];
      for (let k = 0; k < inner; k++) {
        const wk = k * columns;
        let sum = p.accumulate === 1 ? dx[xr + k] : 0;
        for (let c = 0; c < columns; c++) sum += row[c] * w[wk + c];
        dx[xr + k] = sum;
      }
    }
  },
});
