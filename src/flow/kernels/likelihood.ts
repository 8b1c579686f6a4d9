import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './likelihood.wgsl?raw';
import { COEFFICIENT, COEFFICIENT_STRIDE } from './spreadCoefficients.ts';

/**
 * Trajectory likelihood maximisation (2410.15474): the backward policy's loss is `-sum log P_B` along the sampled
 * walks, mean over the batch. Takes the place of what the objective would do to P_B.
 */
export const likelihood = defineKernel({
  name: 'likelihood',
  about: 'Trains the backward policy by likelihood',
  wgsl,
  bindings: { plan: 'read u32', coefficients: 'write f32' },
  params: { walkLength: 'u32', maxSteps: 'u32' },
  twin({ plan, coefficients }, p) {
    const walks = plan[COUNT.walks];
    for (let w = 0; w < walks; w++) {
      for (let t = 0; t < plan[p.walkLength + w]; t++) {
        coefficients[(w * p.maxSteps + t) * COEFFICIENT_STRIDE + COEFFICIENT.backward] = -1 / walks;
      }
    }
  },
});
