/**
 * Subtrajectory balance (Madan et al. 2023, 2209.12782, equation 10): every stretch of a walk in balance,
 *
 *     loss = sum_{i<j} lambda^(j-i) r_ij^2 / sum_{i<j} lambda^(j-i)
 *     r_ij = log F(s_i) + sum_{t=i}^{j-1} (log P_F(e_t) - log P_B(e_t)) - log F(s_j),   F(x) = R~(x)^beta,  log Z := log F(s_0)
 *
 * each square continued linearly where |r_ij / (j - i)| > huber.
 */
import type { WalkLoss } from '../objective.ts';
import { defineObjective, huber } from '../objective.ts';
import wgsl from './subtb.wgsl?raw';

export const subtb = defineObjective({
  name: 'subtb',
  kernelName: 'subtb',
  about: 'Subtrajectory balance: every stretch in balance with the flow head',
  source: 'Madan et al. 2023, 2209.12782',
  logZ: 'flow',
  flow: true,
  wgsl,
  walk(walk): WalkLoss {
    const { length, settings } = walk;
    let weights = 0;
    for (let n = 1; n <= length; n++) weights += settings.lambda ** n * (length + 1 - n);
    const slopes = new Float64Array(length);
    let loss = 0;
    for (let i = 0; i < length; i++) {
      let flow = walk.step(i, 'logF');
      for (let j = i + 1; j <= length; j++) {
        flow += walk.step(j - 1, 'logPF') - walk.step(j - 1, 'logPB');
        const weight = settings.lambda ** (j - i) / weights;
        const end = j === length ? walk.sum('logTarget') : walk.step(j, 'logF');
        const r = huber(flow - end, settings.huber * (j - i));
        loss += weight * r.value;
        for (let t = i; t < j; t++) slopes[t] += weight * r.slope;
        walk.add(i, 'flow', weight * r.slope);
        if (j < length) walk.add(j, 'flow', -weight * r.slope);
      }
    }
    for (const [t, slope] of slopes.entries()) {
      walk.add(t, 'policy', slope);
      walk.add(t, 'backward', -slope);
    }
    return { loss, dLogZ: 0, logZ: walk.step(0, 'logF') };
  },
});
