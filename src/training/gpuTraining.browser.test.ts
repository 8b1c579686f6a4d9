/**
 * The whole step on WebGPU against the CPU backend: losses of 20 training steps on given
 * trajectories, one submission a step, no growth, equal seeds give equal records.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Backend } from '../gpu/backend.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { expectNoFailure, testBackend } from '../gpu/testing/testBackend.ts';
import type { ConfigInput } from './config.ts';
import { resolveConfig } from './resolve.ts';
import type { Trainer } from './trainer.ts';
import { createTrainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };
const evaluation = { all: true, signal: hooks.signal, onProgress: () => {} };

const merges: ConfigInput = {
  version: 1,
  seed: 5,
  steps: 40,
  suites: [{ name: 'tree', settings: { depth: 3, branching: 3, observation: 'merges' }, train: 3, validation: 1 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  optimiser: { lr: 0.003 },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 9, epsilon: 0.3 },
};

const opened: Backend[] = [];
async function trainerOn(backend: Backend, input: ConfigInput): Promise<Trainer> {
  opened.push(backend);
  return createTrainer(resolveConfig(input), backend, hooks);
}
afterAll(() => {
  for (const backend of opened) backend.destroy();
});

const balance = ['ttb', 'tb', 'vargrad', 'db', 'subtb'] as const;
const reward = ['flowrl', 'reinforce', 'grpo', 'ppo', 'sft'] as const;
const cases: readonly (readonly [ConfigInput['objective'], string])[] = [
  ...balance.map((kind) => [{ kind, backward: 'learned' }, `${kind}, P_B learned`] as const),
  ...(['ttb', 'tb', 'vargrad'] as const).map((kind) => [{ kind, backward: 'maxent' }, `${kind}, P_B maxent`] as const),
  [{ kind: 'ttb-paper' }, 'ttb-paper'],
  [{ kind: 'tb', backward: 'tlm' }, 'tb, P_B by likelihood'],
  ...reward.map((kind) => [{ kind, entropyBonus: 0.01 }, kind] as const),
];
async function expectFollows(input: ConfigInput): Promise<void> {
  const gpu = await trainerOn(await testBackend(), input);
  const cpu = await trainerOn(createCpuBackend('f32'), input);
  await gpu.train(1, { given: await cpu.walks() });
  await cpu.train(1, { given: await cpu.walks() });
  for (let step = 1; step < 20; step++) {
    const walks = await cpu.walks();
    await gpu.train(1, { given: walks });
    await cpu.train(1, { given: walks });
  }
  const [a, b] = [await gpu.drain(), await cpu.drain()];
  for (const [i, metrics] of b.entries()) {
    expect(Math.abs(a[i].loss - metrics.loss), `loss of step ${i}`).toBeLessThan(1e-3 * Math.max(1, metrics.loss));
    expect(Math.abs(a[i].logZ - metrics.logZ), `log Z of step ${i}`).toBeLessThan(
      1e-3 * Math.max(1, Math.abs(metrics.logZ)),
    );
    expect(a[i].states).toBe(metrics.states);
    expect(a[i].executed).toBe(metrics.executed);
  }
  const [x, y] = [await gpu.evaluate(evaluation), await cpu.evaluate(evaluation)];
  for (const [i, measure] of y.entries()) expect(Math.abs(x[i].l1 - measure.l1)).toBeLessThan(1e-3);
}

describe('losses of 20 steps on given trajectories follow the CPU backend', () => {
  test.each(cases)('%j', async (objective) => {
    await expectFollows({ ...merges, objective });
  });

  test.each(['db', 'subtb'] as const)('%s with log F read off the edges', async (kind) => {
    await expectFollows({ ...merges, objective: { kind }, supervisor: { ...merges.supervisor, logF: 'edges' } });
  });
});

test('a step is one submission, memory does not grow, and equal seeds give equal records, bit for bit', async () => {
  const backend = await testBackend();
  const first = await trainerOn(backend, merges);
  await first.train(1);
  const { submissions, bytes } = backend;
  await first.train(9);
  expect(backend.submissions - submissions).toBe(9);
  expect(backend.bytes).toBe(bytes);
  const second = await trainerOn(await testBackend(), merges);
  await second.train(10);
  expect(await second.drain()).toEqual(await first.drain());
  expect(await second.evaluate(evaluation)).toEqual(await first.evaluate(evaluation));
  await expectNoFailure(backend);
});

test.each<[string, ConfigInput]>([
  ['tb', merges],
  [
    'tb with a replay buffer and P_B by likelihood',
    {
      ...merges,
      objective: { kind: 'tb', backward: 'tlm' },
      rollout: { ...merges.rollout, replay: { capacity: 12, by: 'reward' } },
    },
  ],
  ['ppo with four updates a batch', { ...merges, objective: { kind: 'ppo' } }],
  ['sft on demonstrations', { ...merges, objective: { kind: 'sft', demonstrations: true } }],
])('a run of %s restored at step 5 has the same step 10 as one that was never stopped', async (_, merges) => {
  const whole = await trainerOn(await testBackend(), merges);
  await whole.train(10);
  const parted = await trainerOn(await testBackend(), merges);
  await parted.train(5);
  await parted.evaluate(evaluation);
  const snapshot = await parted.save();
  const resumed = await trainerOn(await testBackend(), merges);
  resumed.restore(snapshot);
  await resumed.train(5);
  expect(await resumed.drain()).toEqual((await whole.drain()).slice(5));
  expect(await resumed.save()).toEqual(await whole.save());
});
