import { defineKernel } from '../kernel.ts';
import wgsl from './copyRows.wgsl?raw';

/** Copies rows `base .. base + rows - 1`: the identity branch of a residual block. */
export const copyRows = defineKernel({
  name: 'copyRows',
  about: 'The identity branch of a residual block',
  wgsl,
  bindings: { counts: 'read u32', x: 'read f32', y: 'write f32' },
  params: { rowsIndex: 'u32', baseIndex: 'u32', columns: 'u32' },
  twin({ counts, x, y }, p) {
    const first = counts[p.baseIndex] * p.columns;
    const end = first + counts[p.rowsIndex] * p.columns;
    for (let i = first; i < end; i++) y[i] = x[i];
  },
});
