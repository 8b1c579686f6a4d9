import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './groupSums.wgsl?raw';
import { SUMS, SUMS_STRIDE } from './walkSums.ts';

/** Numbers per task of the batch, over its walks. */
export const GROUP_STRIDE = 4;
/** `logZ` the mean of `beta log R~ + sum log P_B - sum log P_F`, through which no gradient flows; of R its mean and standard deviation. */
export const GROUP = { logZ: 0, meanReward: 1, stdReward: 2 } as const;

/** What a task's walks have in common, `[batch, 4]`. The deviation of equal rewards is exactly 0. */
export const groupSums = defineKernel({
  name: 'groupSums',
  about: "Takes means over each task's walks",
  wgsl,
  bindings: { plan: 'read u32', sums: 'read f32', group: 'write f32' },
  params: { walksPerTask: 'u32' },
  twin({ plan, sums, group }, p) {
    for (let b = 0; b < plan[COUNT.batch]; b++) {
      const first = b * p.walksPerTask;
      const end = first + p.walksPerTask;
      let [logZ, reward, square] = [0, 0, 0];
      let equal = true;
      for (let w = first; w < end; w++) {
        const at = w * SUMS_STRIDE;
        logZ += sums[at + SUMS.logTarget] + sums[at + SUMS.logPB] - sums[at + SUMS.logPF];
        reward += sums[at + SUMS.reward];
        equal &&= sums[at + SUMS.reward] === sums[first * SUMS_STRIDE + SUMS.reward];
      }
      const mean = reward / p.walksPerTask;
      for (let w = first; w < end; w++) square += (sums[w * SUMS_STRIDE + SUMS.reward] - mean) ** 2;
      group[b * GROUP_STRIDE + GROUP.logZ] = logZ / p.walksPerTask;
      group[b * GROUP_STRIDE + GROUP.meanReward] = equal ? sums[first * SUMS_STRIDE + SUMS.reward] : mean;
      group[b * GROUP_STRIDE + GROUP.stdReward] = equal ? 0 : Math.sqrt(square / p.walksPerTask);
    }
  },
});
