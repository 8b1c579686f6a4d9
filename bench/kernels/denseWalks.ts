import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseWalks.wgsl?raw';

/** Sum of log P_F over the chosen edges of each padded walk, into the first field of `sums` (SUMS in walkSums.ts). */
export const denseWalks = defineKernel({
  name: 'denseWalks',
  about: 'Sums log P_F along each padded walk',
  wgsl,
  bindings: { chosen: 'read f32', logP: 'read f32', sums: 'write f32' },
  params: { walks: 'u32', edgesPerWalk: 'u32' },
  twin({ chosen, logP, sums }, p) {
    for (let w = 0; w < p.walks; w++) {
      let sum = 0;
      for (let e = w * p.edgesPerWalk; e < (w + 1) * p.edgesPerWalk; e++) sum += chosen[e] * logP[e];
      sums[w * 8] = sum;
    }
  },
});
