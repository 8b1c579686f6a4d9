import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './stepMetrics.wgsl?raw';
import { LOSS, LOSS_STRIDE } from './taskSums.ts';
import { SUMS, SUMS_STRIDE } from './walkSums.ts';

/** Numbers per step in the metrics ring. */
export const METRICS_STRIDE = 12;

/** Writes a step's metrics into the ring, at row `step % capacity`. `norms` are squared, by parameter group. */
export const stepMetrics = defineKernel({
  name: 'stepMetrics',
  about: "Writes the step's metrics into a ring buffer",
  wgsl,
  bindings: {
    plan: 'read u32',
    sums: 'read f32',
    losses: 'read f32',
    replayed: 'read u32',
    logZ: 'read f32',
    norms: 'read f32',
    ring: 'write f32',
  },
  params: { capacity: 'u32' },
  twin({ plan, sums, losses, replayed, logZ, norms, ring }, p) {
    const walks = plan[COUNT.walks];
    const batch = plan[COUNT.batch];
    const step = plan[COUNT.step];
    const mean = (of: ArrayLike<number>, stride: number, field: number, n: number) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += of[k * stride + field];
      return sum / Math.max(n, 1);
    };
    const at = (step % p.capacity) * METRICS_STRIDE;
    ring[at] = step;
    ring[at + 1] = mean(losses, LOSS_STRIDE, LOSS.loss, walks);
    ring[at + 2] = mean(logZ, 1, 0, batch);
    ring[at + 3] = mean(sums, SUMS_STRIDE, SUMS.solved, walks);
    ring[at + 4] = mean(sums, SUMS_STRIDE, SUMS.reward, walks);
    ring[at + 5] = mean(sums, SUMS_STRIDE, SUMS.length, walks);
    ring[at + 6] = Math.sqrt(norms[0] + norms[1]);
    ring[at + 7] = Math.sqrt(norms[2]);
    ring[at + 8] = Math.sqrt(norms[3] + norms[4]);
    ring[at + 9] = plan[COUNT.slots];
    ring[at + 10] = plan[COUNT.overflow];
    let executed = 0;
    for (let w = 0; w < walks; w++) if (replayed[w] === 0) executed += sums[w * SUMS_STRIDE + SUMS.length];
    ring[at + 11] = executed;
  },
});
