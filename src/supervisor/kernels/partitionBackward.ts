import { defineKernel } from '../../gpu/kernel.ts';
import { RECORD_STRIDE } from '../plan.ts';
import wgsl from './partitionBackward.wgsl?raw';

/** Adds what log F of each slot asks of its logits through `addPartition`: `P_F(e) d log F`. */
export const partitionBackward = defineKernel({
  name: 'partitionBackward',
  about: 'From the gradient of log F to that of the logits in it',
  wgsl,
  bindings: { plan: 'read u32', logP: 'read f32', dLogF: 'read f32', dLogits: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32' },
  twin({ plan, logP, dLogF, dLogits }, p) {
    for (let row = 0; row < plan[p.rowsIndex]; row++) {
      const record = p.records + row * RECORD_STRIDE;
      const first = plan[record + 1];
      for (let e = first; e < first + plan[record + 2]; e++) dLogits[e] += Math.exp(logP[e]) * dLogF[row];
    }
  },
});
