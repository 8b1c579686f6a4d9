/**
 * The gradient of the whole step against central differences of its loss, in float64 on the twins:
 * every parameter tensor, every objective, on graphs with merges and parallel edges.
 */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { Floats } from '../gpu/kernel.ts';
import type { ConfigInput } from './config.ts';
import { resolveConfig } from './resolve.ts';
import type { Trainer } from './trainer.ts';
import { createTrainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };

function config(objective: ConfigInput['objective'], suite: ConfigInput['suites'][number], depth = 1): ConfigInput {
  return {
    version: 1,
    seed: 3,
    steps: 10,
    suites: [suite],
    encoder: { dimensions: 16 },
    supervisor: { width: 8, heads: 2, depth },
    objective,
    rollout: { tasksPerStep: 2, trajectoriesPerTask: 6, epsilon: 0.5, epsilonEnd: 0.5 },
  };
}

/** The mean loss of the batch that the trainer's next step samples. */
async function lossOf(trainer: Trainer, values: Floats): Promise<number> {
  const { loss } = await trainer.probe(values);
  return loss;
}

async function check(input: ConfigInput): Promise<void> {
  const trainer = await createTrainer(resolveConfig(input), createCpuBackend('f64'), hooks);
  await trainer.train(2); // away from the first values, where log Z's weights and their like are special
  const { parameters } = await trainer.probe();
  // Walks are fixed by the seed only while the policy is: gradient and differences are taken on given trajectories.
  const { gradients } = await trainer.probe(parameters);
  for (const tensor of Object.values(trainer.supervisor.layout.tensors)) {
    const { name, offset, rows, columns } = tensor;
    let difference = 0;
    let norm = 0;
    const n = rows * columns;
    for (let k = 0; k < Math.min(n, 12); k++) {
      const i = offset + Math.floor((k * n) / Math.min(n, 12));
      const h = 1e-5;
      const moved = parameters.slice();
      moved[i] = parameters[i] + h;
      const above = await lossOf(trainer, moved);
      moved[i] = parameters[i] - h;
      const below = await lossOf(trainer, moved);
      const numeric = (above - below) / (2 * h);
      difference += (numeric - gradients[i]) ** 2;
      norm += numeric ** 2;
    }
    expect(Math.sqrt(difference), `${name}: |numeric| = ${Math.sqrt(norm)}`).toBeLessThan(
      1e-6 + 1e-5 * Math.sqrt(norm),
    );
  }
}

describe('the gradient of a step equals the finite differences of its loss', () => {
  const merges = { name: 'tree', settings: { depth: 3, branching: 3, observation: 'merges' }, train: 2 };
  const grid = { name: 'hypergrid', settings: { dimensions: 2, height: 4 }, train: 1 };
  test.each(['ttb', 'tb'] as const)('%s with a learned backward policy on a graph with merges', async (kind) => {
    await check(config({ kind, backward: 'learned' }, merges));
  });
  test('ttb on parallel edges', async () => {
    await check(config({ kind: 'ttb' }, { ...merges, settings: { ...merges.settings, observation: 'hides' } }));
  });
  test('tb on the hypergrid, two blocks deep, where the residual is large enough for the linear part', async () => {
    await check(config({ kind: 'tb', huber: 0.05 }, grid, 2));
  });
  describe.each(['head', 'edges'] as const)('with log F by way of: %s', (logF) => {
    const via = (input: ConfigInput): ConfigInput => ({ ...input, supervisor: { ...input.supervisor, logF } });
    test.each(['db', 'subtb'] as const)('%s, through the flow head too', async (kind) => {
      await check(via(config({ kind }, merges)));
      await check(via(config({ kind, backward: 'uniform' }, grid)));
    });
  });
  test('ttb-paper, with P_B over all actions of the state before', async () => {
    await check(config({ kind: 'ttb-paper' }, merges));
    await check(config({ kind: 'ttb-paper' }, { ...merges, settings: { ...merges.settings, observation: 'hides' } }));
  });
  test('reinforce, with the gradient of the entropy of every visited state', async () => {
    await check(config({ kind: 'reinforce', entropyBonus: 0.5 }, merges));
  });
  test('flowrl, and sft on whatever is solved', async () => {
    await check(config({ kind: 'flowrl', flowBeta: 2 }, merges));
    await check(config({ kind: 'sft' }, merges));
  });
  test('tb without blocks', async () => {
    await check(config({ kind: 'tb' }, grid, 0));
  });
});
