import { defineKernel } from '../../src/gpu/kernel.ts';
import { geluSlope } from '../../src/gpu/kernels/gelu.ts';
import wgsl from './denseHidden.wgsl?raw';

/** From padded logits back to the scorer's hidden layer: `dHidden` `[edges, d]`. */
export const denseHidden = defineKernel({
  name: 'denseHidden',
  about: "Backward from padded logits to the scorer's hidden layer",
  wgsl,
  bindings: { hidden: 'read f32', head: 'read f32', dLogits: 'read f32', dHidden: 'write f32' },
  params: { edges: 'u32', width: 'u32' },
  twin({ hidden, head, dLogits, dHidden }, p) {
    const d = p.width;
    for (let e = 0; e < p.edges; e++) {
      for (let c = 0; c < d; c++) dHidden[e * d + c] = dLogits[e] * head[c] * geluSlope(hidden[e * 2 * d + c]);
    }
  },
});
