/**
 * Group relative policy optimisation (DeepSeekMath, 2402.03300, equation 3).
 *
 *     A    = (R - mean) / std over the task's walks, the same for every step
 *     loss = (1/T) sum_t [-min(ratio_t A, clip(ratio_t, 1 +- ratioClip) A) + klWeight k3_t - eta H(P_F(. | s_t))]
 *     k3_t = P_ref / P_F - log(P_ref / P_F) - 1
 *
 * ratio_t = P_F(e_t) / (what it was sampled with); several updates per batch, else the clip is dead code. P_ref is the
 * uniform policy over the legal actions: there is no pretrained one here. Ratios end at exp(20). The entropy bonus is not the paper's; it is
 * 0 unless set.
 */
import type { WalkLoss } from '../objective.ts';
import { clippedSurrogate, defineObjective, MOST_LOG_RATIO } from '../objective.ts';
import wgsl from './grpo.wgsl?raw';

export const grpo = defineObjective({
  name: 'grpo',
  kernelName: 'grpo',
  about: "GRPO: clipped ratios with the group's advantage",
  source: 'DeepSeekMath, 2402.03300',
  family: 'reward',
  leastWalksPerTask: 2,
  logZ: 'batch',
  wgsl,
  defaults: { updatesPerBatch: 4, epsilon: 0 },
  walk(walk): WalkLoss {
    const { length, settings } = walk;
    let loss = 0;
    for (let t = 0; t < length; t++) {
      const surrogate = clippedSurrogate(walk, t, walk.groupAdvantage);
      const ahead = Math.min(walk.step(t, 'logUniform') - walk.step(t, 'logPF'), MOST_LOG_RATIO);
      const kl = Math.exp(ahead) - ahead - 1;
      loss += (surrogate.value + settings.klWeight * kl - settings.entropyBonus * walk.step(t, 'entropy')) / length;
      walk.add(t, 'policy', (surrogate.slope + settings.klWeight * (1 - Math.exp(ahead))) / length);
      walk.add(t, 'entropy', -settings.entropyBonus / length);
    }
    return { loss, dLogZ: 0, logZ: walk.groupLogZ };
  },
});
