import { defineKernel } from '../kernel.ts';
import wgsl from './matmulGradient.wgsl?raw';

/** Rows a chunk of the gradient sums over. */
export const GRADIENT_CHUNK = 512;

/**
 * Gradient of a dense layer with respect to its weights, in partial sums over chunks of rows:
 * `partial[j, :, :] = x[chunk j]^T dy[chunk j]`, `[inner + bias, columns]` each.
 */
export const matmulGradient = defineKernel({
  name: 'matmulGradient',
  about: 'Backward through a dense layer, to its weights, in partial sums',
  wgsl,
  bindings: { counts: 'read u32', x: 'read f32', dy: 'read f32', partial: 'write f32' },
  params: {
    rowsIndex: 'u32',
    inner: 'u32',
    columns: 'u32',
    xStride: 'u32',
    xOffset: 'u32',
    yStride: 'u32',
    yOffset: 'u32',
    bias: 'u32',
    chunk: 'u32',
  },
  twin({ counts, x, dy, partial }, p) {
    const rows = counts[p.rowsIndex];
    const { inner, columns } = p;
    const size = (inner + p.bias) * columns;
    const sum = new Float64Array(columns);
    const nonZero = new Uint32Array(p.chunk);
    for (let first = 0, at = 0; first < rows; first += p.chunk, at += size) {
      const end = Math.min(first + p.chunk, rows);
      for (let k = 0; k < inner + p.bias; k++) {
        // Rows that count, four at a time; see matmul.
        let n = 0;
        for (let r = first; r < end; r++) if (k === inner || x[r * p.xStride + p.xOffset + k] !== 0) nonZero[n++] = r;
        const value = (r: number) => (k === inner ? 1 : x[r * p.xStride + p.xOffset + k]);
        sum.fill(0);
        let j = 0;
        for (; j + 3 < n; j += 4) {
          const [r0, r1, r2, r3] = [nonZero[j], nonZero[j + 1], nonZero[j + 2], nonZero[j + 3]];
          const [x0, x1, x2, x3] = [value(r0), value(r1), value(r2), value(r3)];
          const y0 = r0 * p.yStride + p.yOffset;
          const y1 = r1 * p.yStride + p.yOffset;
          const y2 = r2 * p.yStride + p.yOffset;
          const y3 = r3 * p.yStride + p.yOffset;
          for (let c = 0; c < columns; c++)
            sum[c] += x0 * dy[y0 + c] + x1 * dy[y1 + c] + x2 * dy[y2 + c] + x3 * dy[y3 + c];
        }
        for (; j < n; j++) {
          const xv = value(nonZero[j]);
          const yr = nonZero[j] * p.yStride + p.yOffset;
          for (let c = 0; c < columns; c++) sum[c] += xv * dy[yr + c];
        }
        const row = at + k * columns;
        for (let c = 0; c < columns; c++) partial[row + c] = sum[c];
      }
    }
  },
});
