import { LOSS, LOSS_STRIDE } from '../../src/flow/kernels/taskSums.ts';
import { defineKernel } from '../../src/gpu/kernel.ts';
import { COUNT } from '../../src/supervisor/plan.ts';
import wgsl from './denseLoss.wgsl?raw';

/** Keeps the mean loss of each step in a ring, so that no step waits for a read. */
export const denseLoss = defineKernel({
  name: 'denseLoss',
  about: 'Keeps the loss of a padded step in a ring',
  wgsl,
  bindings: { plan: 'read u32', losses: 'read f32', ring: 'write f32' },
  params: { walks: 'u32', capacity: 'u32' },
  twin({ plan, losses, ring }, p) {
    let sum = 0;
    for (let w = 0; w < p.walks; w++) sum += losses[w * LOSS_STRIDE + LOSS.loss];
    ring[plan[COUNT.step] % p.capacity] = sum / p.walks;
  },
});
