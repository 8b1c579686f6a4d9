import { defineKernel } from '../../gpu/kernel.ts';
import { RECORD_STRIDE } from '../plan.ts';
import wgsl from './normalise.wgsl?raw';

/** Log-softmax over the edges of each slot (`P_F`) or target (`P_B`), as ragged segments. */
export const normalise = defineKernel({
  name: 'normalise',
  about: 'Log-softmax over the edges of each state',
  wgsl,
  bindings: { plan: 'read u32', logits: 'read f32', logP: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32', baseIndex: 'u32' },
  twin({ plan, logits, logP }, p) {
    const base = plan[p.baseIndex];
    for (let row = base; row < base + plan[p.rowsIndex]; row++) {
      const record = p.records + row * RECORD_STRIDE;
      const first = plan[record + 1];
      const end = first + plan[record + 2];
      let highest = -Infinity;
      for (let e = first; e < end; e++) highest = Math.max(highest, logits[e]);
      let total = 0;
      for (let e = first; e < end; e++) total += Math.exp(logits[e] - highest);
      const lse = highest + Math.log(total);
      for (let e = first; e < end; e++) logP[e] = logits[e] - lse;
    }
  },
});
