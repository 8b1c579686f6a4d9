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
    for (let first = 0, at = 0; first < rows; first += p.chunk, at += size) {
      partial.fill(0, at, at + size);
      for (let r = first; r < Math.min(first + p.chunk, rows); r++) {
        const xr = r * p.xStride + p.xOffset;
        const yr = r * p.yStride + p.yOffset;
        for (let k = 0; k < inner; k++) {
          const xv = x[xr + k];
          if (xv === 0) continue;
          const row = at + k * columns;
          for (let c = 0; c < columns; c++) partial[row + c] += xv * dy[yr + c];
        }
        if (p.bias === 1) {
          const row = at + inner * columns;
          for (let c = 0; c < columns; c++) partial[row + c] += dy[yr + c];
        }
      }
    }
  },
});
