import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import { SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';
import wgsl from './rememberWalks.wgsl?raw';

/** Stores the walks of a step that were not replayed in their tasks' buffers, over the oldest. Shapes as in `recallWalks`. */
export const rememberWalks = defineKernel({
  name: 'rememberWalks',
  about: 'Puts the new walks into the replay buffer',
  wgsl,
  bindings: {
    plan: 'read u32',
    sums: 'read f32',
    replayed: 'read u32',
    edges: 'write u32',
    rewards: 'write f32',
    counts: 'write u32',
  },
  params: { batchTask: 'u32', walkEdge: 'u32', walksPerTask: 'u32', maxSteps: 'u32', capacity: 'u32' },
  twin({ plan, sums, replayed, edges, rewards, counts }, p) {
    for (let b = 0; b < plan[COUNT.batch]; b++) {
      const task = plan[p.batchTask + 2 * b];
      for (let w = b * p.walksPerTask; w < (b + 1) * p.walksPerTask; w++) {
        if (replayed[w] === 1) continue;
        const row = task * p.capacity + (counts[task] % p.capacity);
        counts[task]++;
        rewards[row] = sums[w * SUMS_STRIDE + SUMS.reward];
        for (let t = 0; t < p.maxSteps; t++) edges[row * p.maxSteps + t] = plan[p.walkEdge + w * p.maxSteps + t];
      }
    }
  },
});
