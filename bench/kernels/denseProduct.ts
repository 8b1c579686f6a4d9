import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseProduct.wgsl?raw';

/** The third part of `edges` `[edges, 3 d]` = `[key | u | u * h]`. */
export const denseProduct = defineKernel({
  name: 'denseProduct',
  about: 'Question times state, for every padded edge',
  wgsl,
  bindings: { h: 'read f32', edges: 'write f32' },
  params: { edges: 'u32', actions: 'u32', width: 'u32' },
  twin({ h, edges }, p) {
    const d = p.width;
    for (let e = 0; e < p.edges; e++) {
      const row = Math.floor(e / p.actions) * d;
      const at = e * 3 * d;
      for (let c = 0; c < d; c++) edges[at + 2 * d + c] = edges[at + d + c] * h[row + c];
    }
  },
});
