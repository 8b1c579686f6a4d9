import { defineKernel } from '../../src/gpu/kernel.ts';
import { COUNT } from '../../src/supervisor/plan.ts';
import wgsl from './denseLoss.wgsl?raw';

/** Keeps the mean loss of each step in a ring, so that no step waits for a read. */
export const denseLoss = defineKernel({
  name: 'denseLoss',
  about: 'Keeps the loss of a padded step in a ring',
  wgsl,
  bindings: { plan: 'read u32', coefficients: 'read f32', ring: 'write f32' },
  params: { walks: 'u32', capacity: 'u32' },
  twin({ plan, coefficients, ring }, p) {
    let sum = 0;
    for (let w = 0; w < p.walks; w++) sum += coefficients[w * 4 + 2];
    ring[plan[COUNT.step] % p.capacity] = sum / p.walks;
  },
});
