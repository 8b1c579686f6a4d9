/**
 * Tempered trajectory balance (SkillFlow, 2605.14089), with P_B normalised over entering edges.
 *
 *     Delta(tau) = log Z(q) + sum_t log P_F(e_t) - beta log R~(x) - sum_t log P_B(e_t)
 *     loss       = (Delta / T)^2, continued linearly where |Delta / T| > huber
 *
 * Gradient: +2 Delta / T^2 in front of each log P_F and of log Z, the opposite in front of each log P_B.
 */
import { defineObjective, trajectoryBalance } from '../objective.ts';
import wgsl from './ttb.wgsl?raw';

export const ttb = defineObjective({
  name: 'ttb',
  kernelName: 'ttb',
  about: 'Tempered trajectory balance: (Delta / T)^2',
  source: 'SkillFlow, 2605.14089',
  wgsl,
  // Squared residuals are divided by T^2, so it wants a larger rate than the others.
  defaults: { lr: 0.004 },
  walk: (walk) => trajectoryBalance(walk, walk.logZ, 1 / walk.length),
});
