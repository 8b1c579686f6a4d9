import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, RECORD_STRIDE } from '../plan.ts';
import wgsl from './taskGradient.wgsl?raw';

/** Gradient of the task's share of a trunk's input, `[batch, width]`, summed in slot (or target) order. */
export const taskGradient = defineKernel({
  name: 'taskGradient',
  about: 'Sums the gradient of the task vector over its states',
  wgsl,
  bindings: { plan: 'read u32', dz: 'read f32', dTask: 'write f32' },
  params: { records: 'u32', rowsIndex: 'u32', width: 'u32' },
  twin({ plan, dz, dTask }, p) {
    const { width } = p;
    const sum = new Float64Array(plan[COUNT.batch] * width);
    for (let row = 0; row < plan[p.rowsIndex]; row++) {
      const to = plan[p.records + row * RECORD_STRIDE + 6] * width;
      const from = row * (2 * width + 1) + width;
      for (let c = 0; c < width; c++) sum[to + c] += dz[from + c];
    }
    for (let i = 0; i < sum.length; i++) dTask[i] = sum[i];
  },
});
