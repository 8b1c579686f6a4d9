import { defineKernel } from '../../src/gpu/kernel.ts';
import wgsl from './denseNormalise.wgsl?raw';

/** Masked log-softmax over a padded axis. `legal` is 1 or 0, and 1 at least once a row; `logP` is 0 where it is 0. */
export const denseNormalise = defineKernel({
  name: 'denseNormalise',
  about: 'Masked log-softmax over a padded axis',
  wgsl,
  bindings: { logits: 'read f32', legal: 'read f32', logP: 'write f32' },
  params: { rows: 'u32', actions: 'u32' },
  twin({ logits, legal, logP }, p) {
    for (let first = 0; first < p.rows * p.actions; first += p.actions) {
      const end = first + p.actions;
      let highest = -Infinity;
      for (let e = first; e < end; e++) if (legal[e] > 0) highest = Math.max(highest, logits[e]);
      let total = 0;
      for (let e = first; e < end; e++) if (legal[e] > 0) total += Math.exp(logits[e] - highest);
      const lse = highest + Math.log(total);
      for (let e = first; e < end; e++) logP[e] = legal[e] > 0 ? logits[e] - lse : 0;
    }
  },
});
