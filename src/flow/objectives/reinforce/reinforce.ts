/**
 * REINFORCE (Williams 1992) with the mean reward of the task's group as baseline, and an entropy bonus.
 *
 *     loss = -w (R - b) sum_t log P_F(e_t) - eta sum_t H(P_F(. | s_t))
 *
 * w = min(P_F / behaviour, 2) is the importance weight of a walk that was sampled with exploration; 1 without.
 */
import type { WalkLoss } from '../objective.ts';
import { defineObjective } from '../objective.ts';
import wgsl from './reinforce.wgsl?raw';

export const reinforce = defineObjective({
  name: 'reinforce',
  kernelName: 'reinforce',
  about: 'REINFORCE with a baseline and an entropy bonus',
  source: 'Williams 1992',
  family: 'reward',
  leastWalksPerTask: 2,
  logZ: 'batch',
  wgsl,
  defaults: { epsilon: 0, entropyBonus: 0.01 },
  walk(walk): WalkLoss {
    const { entropyBonus } = walk.settings;
    const weight = Math.exp(Math.min(walk.sum('logPF') - walk.sum('behaviour'), Math.log(2)));
    const slope = -weight * (walk.sum('reward') - walk.meanReward);
    let loss = slope * walk.sum('logPF');
    for (let t = 0; t < walk.length; t++) {
      loss -= entropyBonus * walk.step(t, 'entropy');
      walk.add(t, 'policy', slope);
      walk.add(t, 'entropy', -entropyBonus);
    }
    return { loss, dLogZ: 0, logZ: walk.groupLogZ };
  },
});
