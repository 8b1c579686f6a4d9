import { expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import { gradientVariance } from './gradientVariance.ts';
import { resolveConfig } from './resolve.ts';
import { createTrainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };
const config = (walks: number, kind: NonNullable<ConfigInput['objective']>['kind'] = 'tb') =>
  resolveConfig({
    version: 1,
    seed: 2,
    suites: [{ name: 'tree', settings: { depth: 2, branching: 3 }, train: 1 }],
    encoder: { dimensions: 32 },
    supervisor: { width: 16 },
    objective: { kind },
    rollout: { tasksPerStep: 1, trajectoriesPerTask: walks, epsilon: 0.2 },
  });

async function snapshotAfter(steps: number) {
  const trainer = await createTrainer(config(8), createCpuBackend(), hooks);
  await trainer.train(steps);
  return trainer.save();
}

test('the variance of a gradient falls as one over the walks: batches are independent at fixed parameters', async () => {
  const snapshot = await snapshotAfter(5);
  const few = await gradientVariance(config(8), createCpuBackend(), snapshot, 200, hooks);
  const many = await gradientVariance(config(32), createCpuBackend(), snapshot, 200, hooks);
  if (few === null || many === null) throw new Error('the gradient is not zero');
  // Four times the walks: a quarter, within what 200 batches let one see.
  expect(few / many).toBeGreaterThan(2.5);
  expect(few / many).toBeLessThan(6);
});

test('is the same for the same seed, and is taken at the parameters that are given', async () => {
  const [early, late] = [await snapshotAfter(1), await snapshotAfter(60)];
  const of = (snapshot: typeof early) => gradientVariance(config(8), createCpuBackend(), snapshot, 20, hooks);
  expect(await of(early)).toBe(await of(early));
  expect(await of(early)).not.toBe(await of(late));
});

test('does not exist where the gradient is zero', async () => {
  // All rewards are equal, so no walk is better than another.
  const level = resolveConfig({
    ...config(8, 'reinforce'),
    suites: [{ name: 'hypergrid', settings: { dimensions: 2, height: 4, R0: 1, R1: 0, R2: 0 }, train: 1 }],
    objective: { kind: 'reinforce', entropyBonus: 0 },
  });
  const snapshot = await snapshotAfter(1);
  expect(await gradientVariance(level, createCpuBackend(), snapshot, 3, hooks)).toBeNull();
});
