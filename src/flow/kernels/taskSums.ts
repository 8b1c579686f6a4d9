import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './taskSums.wgsl?raw';

/** Numbers per walk that an objective leaves: its loss, its share of the gradient of log Z, and the log Z it took. */
export const LOSS_STRIDE = 3;
export const LOSS = { loss: 0, dLogZ: 1, logZ: 2 } as const;

/** Gradient of each task's log Z, and the log Z that its walks were balanced with; both `[batch]`. */
export const taskSums = defineKernel({
  name: 'taskSums',
  about: 'Adds up the gradient of log Z of each task',
  wgsl,
  bindings: { plan: 'read u32', losses: 'read f32', logZ: 'write f32', dLogZ: 'write f32' },
  params: { walksPerTask: 'u32' },
  twin({ plan, losses, logZ, dLogZ }, p) {
    for (let b = 0; b < plan[COUNT.batch]; b++) {
      const first = b * p.walksPerTask;
      let total = 0;
      for (let w = first; w < first + p.walksPerTask; w++) total += losses[w * LOSS_STRIDE + LOSS.dLogZ];
      dLogZ[b] = total;
      // All walks of a task took the same.
      logZ[b] = losses[first * LOSS_STRIDE + LOSS.logZ];
    }
  },
});
