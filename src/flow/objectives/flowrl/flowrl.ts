/**
 * FlowRL (2509.15207, equation 8).
 *
 *     loss = w (log Z(q) + (1/T) sum_t log P_F - beta r^ - (1/T) sum_t log P_ref)^2
 *
 * r^ the reward normalised in the task's group, w the importance ratio of the walk clipped to 1 +- ratioClip, through
 * which no gradient flows, P_ref a uniform policy over the legal actions: there is no pretrained one here. Its beta is
 * its own, `flowBeta`. Not proportional to reward by construction: lengths are averaged and rewards normalised.
 */
import type { WalkLoss } from '../objective.ts';
import { defineObjective, huber } from '../objective.ts';
import wgsl from './flowrl.wgsl?raw';

export const flowrl = defineObjective({
  name: 'flowrl',
  kernelName: 'flowrl',
  about: 'FlowRL: balance of mean log-probabilities with the normalised reward',
  source: 'FlowRL, 2509.15207',
  family: 'reward',
  leastWalksPerTask: 2,
  wgsl,
  defaults: { updatesPerBatch: 4, epsilon: 0 },
  walk(walk): WalkLoss {
    const { length, settings } = walk;
    let reference = 0;
    for (let t = 0; t < length; t++) reference += walk.step(t, 'logUniform');
    // Clipped far inside what exp can hold, and far outside of what counts.
    const ratio = Math.exp(Math.min(Math.max(walk.sum('logPF') - walk.sum('behaviour'), -1), 1));
    const weight = Math.min(Math.max(ratio, 1 - settings.ratioClip), 1 + settings.ratioClip);
    const residual = walk.logZ + (walk.sum('logPF') - reference) / length - settings.flowBeta * walk.groupAdvantage;
    const { value, slope } = huber(residual, settings.huber);
    for (let t = 0; t < length; t++) walk.add(t, 'policy', (weight * slope) / length);
    return { loss: weight * value, dLogZ: weight * slope, logZ: walk.logZ };
  },
});
