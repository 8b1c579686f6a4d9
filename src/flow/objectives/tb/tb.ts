/**
 * Trajectory balance: Trajectory Balance (Malkin et al. 2022, 2201.13259), equation 14.
 *
 *     Delta(tau) = log Z(q) + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     loss       = Delta^2, continued linearly where |Delta / T| > huber, so that no gradient is ever zeroed
 *
 * Coefficients: +2 Delta / walks in front of each log P_F and of log Z, the opposite in front of each log P_B.
 */
import { defineKernel } from '../../../gpu/kernel.ts';
import { BALANCE_BINDINGS, BALANCE_PARAMS, balanceTwin } from '../balance.ts';
import wgsl from './tb.wgsl?raw';

export const tb = defineKernel({
  name: 'tb',
  about: 'Trajectory balance: the coefficient of each walk',
  wgsl,
  bindings: BALANCE_BINDINGS,
  params: BALANCE_PARAMS,
  twin(buffers, p) {
    balanceTwin(buffers, p, { scale: () => 1, ownLogZ: false });
  },
});
