import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './slotBackward.wgsl?raw';

/** Gradient of what a state gives its edges, `dStates` `[slots, 2 d]`: sums over the slot's edges, in order. */
export const slotBackward = defineKernel({
  name: 'slotBackward',
  about: "Sums the gradients of a state's edges",
  wgsl,
  bindings: { plan: 'read u32', actions: 'read f32', dHidden: 'read f32', dLogits: 'read f32', dStates: 'write f32' },
  params: { slotRecords: 'u32', edgeRecords: 'u32', width: 'u32' },
  twin({ plan, actions, dHidden, dLogits, dStates }, p) {
    const d = p.width;
    const scale = 1 / Math.sqrt(d);
    const sum = new Float64Array(2 * d);
    for (let slot = 0; slot < plan[COUNT.slots]; slot++) {
      const record = p.slotRecords + slot * RECORD_STRIDE;
      const first = plan[record + 1];
      sum.fill(0);
      for (let e = first; e < first + plan[record + 2]; e++) {
        const g = dLogits[e];
        const key = plan[p.edgeRecords + e * EDGE_STRIDE + 1] * 3 * d + 2 * d;
        for (let c = 0; c < d; c++) {
          sum[c] += dHidden[e * d + c];
          sum[d + c] += g * actions[key + c];
        }
      }
      for (let c = 0; c < d; c++) {
        dStates[slot * 2 * d + c] = sum[c];
        dStates[slot * 2 * d + d + c] = sum[d + c] * scale;
      }
    }
  },
});
