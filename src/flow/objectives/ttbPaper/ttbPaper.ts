/**
 * Tempered trajectory balance as published (SkillFlow, 2605.14089): the loss of `ttb`, with a backward policy that is a
 * softmax over ALL actions of the state before, given that state and what was observed, trained through the residual
 * alone:
 *
 *     log P_B(e | s, s') = q(s') . k(a) - log sum over a' in A(s) of exp q(s') . k(a')
 *
 * It is not a distribution over the edges that enter s', so zero loss does not make outcomes proportional to their
 * reward: the ratio of the two learning rates sets the temperature (docs/method.md, Facts). Kept because that is worth
 * seeing. Its P_B is `supervisor/kernels/everyAction.ts`.
 */
import { defineObjective, trajectoryBalance } from '../objective.ts';
import wgsl from './ttbPaper.wgsl?raw';

export const ttbPaper = defineObjective({
  name: 'ttb-paper',
  kernelName: 'ttbPaper',
  about: 'Tempered trajectory balance with P_B over all actions, as published',
  source: 'SkillFlow, 2605.14089',
  backwardOver: 'actions',
  wgsl,
  defaults: { lr: 0.004 },
  walk: (walk) => trajectoryBalance(walk, walk.logZ, 1 / walk.length),
});
