import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseStates.wgsl?raw';

/** Gradient of what a state gives its padded edges: `dStates` `[rows, 2 d]`, and `dH` `[rows, d]` by the product. */
export const denseStates = defineKernel({
  name: 'denseStates',
  about: "Sums the gradients of a state's padded edges",
  wgsl,
  bindings: {
    edges: 'read f32',
    dHidden: 'read f32',
    dInputs: 'read f32',
    dLogits: 'read f32',
    dStates: 'write f32',
    dH: 'write f32',
  },
  params: { rows: 'u32', actions: 'u32', width: 'u32' },
  twin({ edges, dHidden, dInputs, dLogits, dStates, dH }, p) {
    const d = p.width;
    const sum = new Float64Array(3 * d);
    for (let r = 0; r < p.rows; r++) {
      sum.fill(0);
      for (let e = r * p.actions; e < (r + 1) * p.actions; e++) {
        for (let c = 0; c < d; c++) {
          sum[c] += dHidden[e * d + c];
          sum[d + c] += dLogits[e] * edges[e * 3 * d + c];
          sum[2 * d + c] += dInputs[e * 2 * d + d + c] * edges[e * 3 * d + d + c];
        }
      }
      for (let c = 0; c < d; c++) {
        dStates[r * 2 * d + c] = sum[c];
        dStates[r * 2 * d + d + c] = sum[d + c] / Math.sqrt(d);
        dH[r * d + c] = sum[2 * d + c];
      }
    }
  },
});
