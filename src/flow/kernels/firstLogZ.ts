import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './firstLogZ.wgsl?raw';
import { SUMS, SUMS_STRIDE } from './walkSums.ts';

/** Sets the bias of the log Z head to the VarGrad estimate (2302.05446) of the first batch. */
export const firstLogZ = defineKernel({
  name: 'firstLogZ',
  about: "Starts log Z at the first batch's own estimate",
  wgsl,
  bindings: { plan: 'read u32', sums: 'read f32', parameters: 'write f32' },
  params: { bias: 'u32' },
  twin({ plan, sums, parameters }, p) {
    const walks = plan[COUNT.walks];
    let total = 0;
    for (let w = 0; w < walks; w++) {
      const at = w * SUMS_STRIDE;
      total += sums[at + SUMS.logTarget] + sums[at + SUMS.logPB] - sums[at + SUMS.logPF];
    }
    parameters[p.bias] = total / Math.max(walks, 1);
  },
});
