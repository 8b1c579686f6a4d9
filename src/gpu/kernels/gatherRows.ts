import { defineKernel } from '../kernel.ts';
import wgsl from './gatherRows.wgsl?raw';

/** `y[r, :] = scale * x[index(r), :]`; the number of rows and the indices are read from `plan`. */
export const gatherRows = defineKernel({
  name: 'gatherRows',
  about: 'Gathers and scales rows of the text vectors',
  wgsl,
  bindings: { plan: 'read u32', x: 'read f32', y: 'write f32' },
  params: { rowsIndex: 'u32', columns: 'u32', indexOffset: 'u32', indexStride: 'u32', scale: 'f32' },
  twin({ plan, x, y }, p) {
    for (let r = 0; r < plan[p.rowsIndex]; r++) {
      const from = plan[p.indexOffset + r * p.indexStride] * p.columns;
      for (let c = 0; c < p.columns; c++) y[r * p.columns + c] = p.scale * x[from + c];
    }
  },
});
