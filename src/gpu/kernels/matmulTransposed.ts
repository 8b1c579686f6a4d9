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
      let k = 0;
      // Four outputs at a time read the row of dy once.
      for (; k + 3 < inner; k += 4) {
        const wk = k * columns;
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let c = 0; c < columns; c++) {
          const d = row[c];
          s0 += d * w[wk + c];
          s1 += d * w[wk + columns + c];
          s2 += d * w[wk + 2 * columns + c];
          s3 += d * w[wk + 3 * columns + c];
        }
        const old = p.accumulate === 1;
        dx[xr + k] = s0 + (old ? dx[xr + k] : 0);
        dx[xr + k + 1] = s1 + (old ? dx[xr + k + 1] : 0);
        dx[xr + k + 2] = s2 + (old ? dx[xr + k + 2] : 0);
        dx[xr + k + 3] = s3 + (old ? dx[xr + k + 3] : 0);
      }
      for (; k < inner; k++) {
        let sum = p.accumulate === 1 ? dx[xr + k] : 0;
        for (let c = 0; c < columns; c++) sum += row[c] * w[k * columns + c];
        dx[xr + k] = sum;
      }
    }
  },
});
