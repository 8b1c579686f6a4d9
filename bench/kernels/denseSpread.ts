import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseSpread.wgsl?raw';

/** From one coefficient per step of a walk (the first of 4) to the gradient of each padded logit. A row beyond its walk's end has nothing chosen. */
export const denseSpread = defineKernel({
  name: 'denseSpread',
  about: 'From the loss of each step to the gradient of each padded logit',
  wgsl,
  bindings: {
    coefficients: 'read f32',
    chosen: 'read f32',
    legal: 'read f32',
    logP: 'read f32',
    dLogits: 'write f32',
  },
  params: { rows: 'u32', actions: 'u32' },
  twin({ coefficients, chosen, legal, logP, dLogits }, p) {
    for (let r = 0; r < p.rows; r++) {
      const first = r * p.actions;
      const end = first + p.actions;
      const coefficient = coefficients[r * 4];
      let total = 0;
      for (let e = first; e < end; e++) total += chosen[e];
      for (let e = first; e < end; e++) {
        dLogits[e] = coefficient * legal[e] * (chosen[e] - Math.exp(logP[e]) * total);
      }
    }
  },
});
