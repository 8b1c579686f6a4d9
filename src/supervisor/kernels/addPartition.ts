import { defineKernel } from '../../gpu/kernel.ts';
import { RECORD_STRIDE } from '../plan.ts';
import wgsl from './addPartition.wgsl?raw';

/**
 * Adds to log F of each slot, `[slots]`, the logarithm of the sum of its edges' exponentiated logits: `logit - log P_F` of
 * any of them. A logit then is the flow of its edge, but for what the flow head says of the state.
 */
export const addPartition = defineKernel({
  name: 'addPartition',
  about: 'Adds log sum exp of the logits to log F',
  wgsl,
  bindings: { plan: 'read u32', logits: 'read f32', logP: 'read f32', logF: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32', baseIndex: 'u32' },
  twin({ plan, logits, logP, logF }, p) {
    const base = plan[p.baseIndex];
    for (let row = base; row < base + plan[p.rowsIndex]; row++) {
      const first = plan[p.records + row * RECORD_STRIDE + 1];
      logF[row] += logits[first] - logP[first];
    }
  },
});
