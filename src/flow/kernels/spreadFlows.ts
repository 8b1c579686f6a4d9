import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, RECORD_STRIDE } from '../../supervisor/plan.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE } from './spreadCoefficients.ts';
import wgsl from './spreadFlows.wgsl?raw';

/** From the coefficients in front of log F along each walk to the gradient of each visited state's log F, `[slots]`. */
export const spreadFlows = defineKernel({
  name: 'spreadFlows',
  about: 'From the loss of each step to the gradient of log F of each state',
  wgsl,
  bindings: { plan: 'read u32', coefficients: 'read f32', dLogF: 'write f32' },
  params: { slotRecords: 'u32', walkPosition: 'u32', maxSteps: 'u32' },
  twin({ plan, coefficients, dLogF }, p) {
    const visits = plan[COUNT.walks] * p.maxSteps;
    const slotOf = new Map<number, number>();
    for (let slot = 0; slot < plan[COUNT.slots]; slot++) {
      dLogF[slot] = 0;
      const record = p.slotRecords + slot * RECORD_STRIDE;
      for (let e = 0; e < plan[record + 2]; e++) slotOf.set(plan[record + 1] + e, slot);
    }
    for (let j = 0; j < visits; j++) {
      const slot = slotOf.get(plan[p.walkPosition + j]);
      if (slot !== undefined) dLogF[slot] += coefficients[j * COEFFICIENT_STRIDE + COEFFICIENT.flow];
    }
  },
});
