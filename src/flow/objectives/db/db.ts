/**
 * Detailed balance (Bengio et al. 2023, GFlowNet Foundations, 2111.09266, definition 5).
 *
 *     loss = sum_t (log F(s_t) + log P_F(e_t) - log F(s_{t+1}) - log P_B(e_t))^2,   F(x) = R~(x)^beta,  log Z := log F(s_0)
 *
 * each square continued linearly beyond huber.
 */
import type { WalkLoss } from '../objective.ts';
import { defineObjective, huber } from '../objective.ts';
import wgsl from './db.wgsl?raw';

export const db = defineObjective({
  name: 'db',
  kernelName: 'db',
  about: 'Detailed balance: each step in balance with the flow head',
  source: 'Bengio et al. 2023, 2111.09266',
  logZ: 'flow',
  flow: true,
  // A residual spans one step: what is found at the end of a walk comes back a state at a time (decision 042).
  defaults: { updatesPerBatch: 4, logF: 'edges' },
  wgsl,
  walk(walk): WalkLoss {
    let loss = 0;
    for (let t = 0; t < walk.length; t++) {
      const last = t + 1 === walk.length;
      const next = last ? walk.sum('logTarget') : walk.step(t + 1, 'logF');
      const residual = walk.step(t, 'logF') + walk.step(t, 'logPF') - next - walk.step(t, 'logPB');
      const { value, slope } = huber(residual, walk.settings.huber);
      loss += value;
      walk.add(t, 'policy', slope);
      walk.add(t, 'backward', -slope);
      walk.add(t, 'flow', slope);
      if (!last) walk.add(t + 1, 'flow', -slope);
    }
    return { loss, dLogZ: 0, logZ: walk.step(0, 'logF') };
  },
});
