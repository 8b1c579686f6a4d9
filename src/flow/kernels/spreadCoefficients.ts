import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, RECORD_STRIDE } from '../../supervisor/plan.ts';
import wgsl from './spreadCoefficients.wgsl?raw';

/** Numbers per walk that an objective writes. `policy` and `backward` stand in front of each log P_F and log P_B. */
export const COEFFICIENT_STRIDE = 4;
export const COEFFICIENT = { policy: 0, backward: 1, loss: 2, residual: 3 } as const;

/**
 * From the coefficient of each walk to the gradient in front of each logit of the active edges.
 * `places` is where the plan keeps each step's place among them; `column` a field of COEFFICIENT.
 */
export const spreadCoefficients = defineKernel({
  name: 'spreadCoefficients',
  about: 'From the loss of each walk to the gradient of each logit',
  wgsl,
  bindings: { plan: 'read u32', coefficients: 'read f32', logP: 'read f32', dLogits: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32', places: 'u32', maxSteps: 'u32', column: 'u32' },
  twin({ plan, coefficients, logP, dLogits }, p) {
    const rows = plan[p.rowsIndex];
    let edges = 0;
    for (let row = 0; row < rows; row++) edges += plan[p.records + row * RECORD_STRIDE + 2];
    dLogits.fill(0, 0, edges);
    for (let j = 0; j < plan[COUNT.walks] * p.maxSteps; j++) {
      const place = plan[p.places + j];
      // NONE is beyond them too.
      if (place < edges) dLogits[place] += coefficients[Math.floor(j / p.maxSteps) * COEFFICIENT_STRIDE + p.column];
    }
    for (let row = 0; row < rows; row++) {
      const first = plan[p.records + row * RECORD_STRIDE + 1];
      const end = first + plan[p.records + row * RECORD_STRIDE + 2];
      let total = 0;
      for (let e = first; e < end; e++) total += dLogits[e];
      if (total !== 0) for (let e = first; e < end; e++) dLogits[e] -= Math.exp(logP[e]) * total;
    }
  },
});
