import { defineKernel } from '../kernel.ts';
import wgsl from './sumPartials.wgsl?raw';

/** Adds the partial sums of `matmulGradient` in a fixed order: `y[i] = sum_j partial[j, i]`. */
export const sumPartials = defineKernel({
  name: 'sumPartials',
  about: 'Adds partial sums in a fixed order',
  wgsl,
  bindings: { counts: 'read u32', partial: 'read f32', y: 'write f32' },
  params: { rowsIndex: 'u32', chunk: 'u32', size: 'u32' },
  twin({ counts, partial, y }, p) {
    const chunks = Math.ceil(counts[p.rowsIndex] / p.chunk);
    for (let i = 0; i < p.size; i++) {
      let sum = 0;
      for (let j = 0; j < chunks; j++) sum += partial[j * p.size + i];
      y[i] = sum;
    }
  },
});
