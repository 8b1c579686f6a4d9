/**
 * Trajectory balance (Malkin et al. 2022, 2201.13259, equation 14).
 *
 *     Delta(tau) = log Z(q) + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     loss       = Delta^2, continued linearly where |Delta / T| > huber
 */
import { defineObjective, trajectoryBalance } from '../objective.ts';
import wgsl from './tb.wgsl?raw';

export const tb = defineObjective({
  name: 'tb',
  kernelName: 'tb',
  about: 'Trajectory balance: Delta^2',
  source: 'Malkin et al. 2022, 2201.13259',
  wgsl,
  walk: (walk) => trajectoryBalance(walk, walk.logZ, 1),
});
