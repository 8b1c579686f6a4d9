/**
 * VarGrad: VarGrad for GFlowNets (Zhang et al. 2023, 2302.05446).
 *
 *     Delta(tau) = log Z(q) + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     loss       = Delta^2, continued linearly where |Delta / T| > huber, so that no gradient is ever zeroed
 *
 * with log Z(q) the mean of beta log R~ + sum log P_B - sum log P_F over the task's walks, through which no
 * gradient flows: there is no Z head to train, and the estimate takes the head's place in `logZ`.
 */
import { defineKernel } from '../../../gpu/kernel.ts';
import { BALANCE_BINDINGS, BALANCE_PARAMS, balanceTwin } from '../balance.ts';
import wgsl from './vargrad.wgsl?raw';

export const vargrad = defineKernel({
  name: 'vargrad',
  about: 'VarGrad: the coefficient of each walk',
  wgsl,
  bindings: BALANCE_BINDINGS,
  params: BALANCE_PARAMS,
  twin(buffers, p) {
    balanceTwin(buffers, p, { scale: () => 1, ownLogZ: true });
  },
});
