/** log Z by flows equals log sum_x R~(x)^beta for every suite and every backward policy, the learned one included. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { exactFlows, targetDistribution } from '../graph/exact.ts';
import { BACKWARD_POLICIES } from './config.ts';
import { resolveConfig } from './resolve.ts';
import { suites } from './suites.ts';
import { createTrainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };

describe.each(suites.map(({ name }) => name))('%s', (name) => {
  test.each(BACKWARD_POLICIES)('log Z by flows is that of the outcomes to 1e-9 with P_B %s', async (backward) => {
    const trainer = await createTrainer(
      resolveConfig({
        version: 1,
        steps: 10,
        suites: [{ name, train: 1 }],
        encoder: { dimensions: 16 },
        supervisor: { width: 8, heads: 2 },
        objective: { kind: 'ttb', backward },
        rollout: { tasksPerStep: 1, trajectoriesPerTask: 4 },
      }),
      createCpuBackend('f32'),
      hooks,
    );
    await trainer.train(2);
    const view = await trainer.inspect('train', 0);
    const { graph, beta, eps } = view;
    const logTarget = graph.reward.map((reward) => beta * Math.log(reward + eps));
    const { logZ } = targetDistribution(logTarget);
    expect(Math.abs(exactFlows(graph, logTarget, view.learned.logPB).logZ - logZ)).toBeLessThan(1e-9);
    expect(Math.abs(view.exact.logZ - logZ)).toBeLessThan(1e-9);
  });
});
