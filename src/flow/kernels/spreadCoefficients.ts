import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, RECORD_STRIDE } from '../../supervisor/plan.ts';
import wgsl from './spreadCoefficients.wgsl?raw';

/**
 * Numbers per step that an objective writes, `[walks, maxSteps, 4]`: the gradient of the loss in front of the step's
 * log P_F and log P_B, and of log F and the policy's entropy in the state it starts in.
 */
export const COEFFICIENT_STRIDE = 4;
export const COEFFICIENT = { policy: 0, backward: 1, flow: 2, entropy: 3 } as const;

/**
 * From the coefficient of each step to the gradient in front of each logit of the active edges.
 * `places` is where the plan keeps each step's place among them; `column` a field of COEFFICIENT; `entropy` 1 where
 * the entropy's coefficients count too (they belong to the policy's logits).
 */
export const spreadCoefficients = defineKernel({
  name: 'spreadCoefficients',
  about: 'From the loss of each step to the gradient of each logit',
  wgsl,
  bindings: { plan: 'read u32', coefficients: 'read f32', logP: 'read f32', dLogits: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32', places: 'u32', maxSteps: 'u32', column: 'u32', entropy: 'u32' },
  twin({ plan, coefficients, logP, dLogits }, p) {
    const rows = plan[p.rowsIndex];
    const recordOf = (row: number) => p.records + row * RECORD_STRIDE;
    let edges = 0;
    for (let row = 0; row < rows; row++) edges += plan[recordOf(row) + 2];
    dLogits.fill(0, 0, edges);
    const ofEntropy = new Float64Array(edges);
    for (let j = 0; j < plan[COUNT.walks] * p.maxSteps; j++) {
      const place = plan[p.places + j];
      // NONE is beyond them too.
      if (place >= edges) continue;
      dLogits[place] += coefficients[j * COEFFICIENT_STRIDE + p.column];
      if (p.entropy === 1) ofEntropy[place] += coefficients[j * COEFFICIENT_STRIDE + COEFFICIENT.entropy];
    }
    for (let row = 0; row < rows; row++) {
      const first = plan[recordOf(row) + 1];
      const end = first + plan[recordOf(row) + 2];
      let [total, bonus, entropy] = [0, 0, 0];
      for (let e = first; e < end; e++) {
        total += dLogits[e];
        bonus += ofEntropy[e];
      }
      if (bonus !== 0) for (let e = first; e < end; e++) entropy -= Math.exp(logP[e]) * logP[e];
      if (total === 0 && bonus === 0) continue;
      for (let e = first; e < end; e++) dLogits[e] -= Math.exp(logP[e]) * (total + bonus * (logP[e] + entropy));
    }
  },
});
