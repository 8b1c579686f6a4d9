/**
 * Supervised fine-tuning: likelihood of solved walks, `loss = -sum_t log P_F(e_t)` if the walk is solved, else 0.
 * On sparse suites the walks are demonstrations (`objective.demonstrations`), sampled from the exact optimal policy.
 */
import type { WalkLoss } from '../objective.ts';
import { defineObjective } from '../objective.ts';
import wgsl from './sft.wgsl?raw';

export const sft = defineObjective({
  name: 'sft',
  kernelName: 'sft',
  about: 'Supervised fine-tuning: likelihood of solved walks',
  source: 'maximum likelihood',
  family: 'imitation',
  logZ: 'batch',
  wgsl,
  walk(walk): WalkLoss {
    const solved = walk.sum('solved');
    for (let t = 0; t < walk.length; t++) walk.add(t, 'policy', -solved);
    return { loss: solved === 0 ? 0 : -walk.sum('logPF'), dLogZ: 0, logZ: walk.groupLogZ };
  },
});
