import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseEdges.wgsl?raw';

/** Gradient of what an action gives: `dEdges` `[edges, 2 d]` = `[d key | d u]`. */
export const denseEdges = defineKernel({
  name: 'denseEdges',
  about: 'Backward to what every padded action gives',
  wgsl,
  bindings: { h: 'read f32', states: 'read f32', dInputs: 'read f32', dLogits: 'read f32', dEdges: 'write f32' },
  params: { edges: 'u32', actions: 'u32', width: 'u32' },
  twin({ h, states, dInputs, dLogits, dEdges }, p) {
    const d = p.width;
    for (let e = 0; e < p.edges; e++) {
      const r = Math.floor(e / p.actions);
      const at = e * 2 * d;
      for (let c = 0; c < d; c++) {
        dEdges[at + c] = (dLogits[e] * states[r * 2 * d + d + c]) / Math.sqrt(d);
        dEdges[at + d + c] = dInputs[at + c] + dInputs[at + d + c] * h[r * d + c];
      }
    }
  },
});
