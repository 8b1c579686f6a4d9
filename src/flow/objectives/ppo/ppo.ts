/**
 * Proximal policy optimisation (Schulman et al. 2017, 1707.06347, equations 7, 9, 11) with generalised advantages
 * (1506.02438), gamma 1. The reward comes with the last step; V is the flow head's network.
 *
 *     delta_t = r_t + V(s_{t+1}) - V(s_t),   A_t = delta_t + lambda A_{t+1}      V as it was when the batch was sampled
 *     loss    = sum_t [-min(ratio_t A_t, clip(ratio_t, 1 +- ratioClip) A_t) + (V(s_t) - (V_first(s_t) + A_t))^2 / 2 - eta H]
 */
import type { WalkLoss } from '../objective.ts';
import { clippedSurrogate, defineObjective } from '../objective.ts';
import wgsl from './ppo.wgsl?raw';

export const ppo = defineObjective({
  name: 'ppo',
  kernelName: 'ppo',
  about: 'PPO: clipped ratios with advantages from a value head',
  source: 'Schulman et al. 2017, 1707.06347',
  family: 'reward',
  logZ: 'batch',
  flow: true,
  wgsl,
  defaults: { updatesPerBatch: 4, epsilon: 0, lambda: 0.95, entropyBonus: 0.01 },
  walk(walk): WalkLoss {
    const { lambda, entropyBonus } = walk.settings;
    let [loss, advantage, next] = [0, 0, 0];
    for (let t = walk.length - 1; t >= 0; t--) {
      const value = walk.step(t, 'firstLogF');
      const reward = t === walk.length - 1 ? walk.sum('reward') : 0;
      advantage = reward + next - value + lambda * advantage;
      next = value;
      const surrogate = clippedSurrogate(walk, t, advantage);
      const off = walk.step(t, 'logF') - (value + advantage);
      loss += surrogate.value + off ** 2 / 2 - entropyBonus * walk.step(t, 'entropy');
      walk.add(t, 'policy', surrogate.slope);
      walk.add(t, 'flow', off);
      walk.add(t, 'entropy', -entropyBonus);
    }
    return { loss, dLogZ: 0, logZ: walk.groupLogZ };
  },
});
