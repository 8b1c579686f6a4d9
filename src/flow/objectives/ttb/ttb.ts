/**
 * Tempered trajectory balance: Tempered trajectory balance (SkillFlow, 2605.14089), with P_B normalised over entering edges.
 *
 *     Delta(tau) = log Z(q) + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     loss       = (Delta / T)^2, continued linearly where |Delta / T| > huber, so that no gradient is ever zeroed
 *
 * Coefficients: +2 Delta / (T^2 walks) in front of each log P_F and of log Z, the opposite in front of each log P_B.
 */
import { defineKernel } from '../../../gpu/kernel.ts';
import { BALANCE_BINDINGS, BALANCE_PARAMS, balanceTwin } from '../balance.ts';
import wgsl from './ttb.wgsl?raw';

export const ttb = defineKernel({
  name: 'ttb',
  about: 'Tempered trajectory balance: the coefficient of each walk',
  wgsl,
  bindings: BALANCE_BINDINGS,
  params: BALANCE_PARAMS,
  twin(buffers, p) {
    balanceTwin(buffers, p, { scale: (length) => 1 / length, ownLogZ: false });
  },
});
