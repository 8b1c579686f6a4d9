/** A run whose library grows, on WebGPU: forks come and go on one device, and nothing of them is left. */
import { expect, test } from 'vitest';
import { expectNoFailure, testBackend } from '../gpu/testing/testBackend.ts';
import { compositesOf } from '../skills/library.ts';
import type { ConfigInput } from './config.ts';
import { openTrainer } from './openTrainer.ts';
import { resolveConfig } from './resolve.ts';
import { createTrainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };

/** Two hops in two steps, most tasks with one. The gate lets pass what does no harm, so that the library changes. */
const config: ConfigInput = {
  version: 1,
  seed: 1,
  steps: 12,
  suites: [
    {
      name: 'two-hop-qa',
      settings: { steps: 2, evidence: 3, hurried: 0.7, countries: 12 },
      train: 24,
      validation: 2,
      heldOut: 1,
    },
  ],
  encoder: { dimensions: 32 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  optimiser: { lr: 0.005, clip: 10 },
  rollout: { tasksPerStep: 4, trajectoriesPerTask: 4, epsilon: 0.5 },
  library: [
    { name: 'look-up', plan: ['search {a}', 'follow {b} of {c}'] },
    { name: 'look-up-again', plan: ['search {a}', 'follow {b} of {c}'], allows: ['search'] },
  ],
  evolution: {
    enabled: true,
    slots: 4,
    when: { window: 5, rho: 1, windows: 1, headroom: -1 },
    what: { walks: 8, tasks: 4 },
    where: { candidates: 1 },
    gate: { steps: 2, seeds: 1, gain: 1 },
  },
};

test('trains, tries, changes its library and trains on, with no error and no buffer left over', async () => {
  const backend = await testBackend();
  const trainer = await openTrainer(resolveConfig(config), backend, hooks);
  if (!('change' in trainer)) throw new Error('The config has no evolution.');
  const steps = [];
  while (trainer.step < 12 || trainer.evolving) {
    await trainer.train(1);
    steps.push(...(await trainer.drain()));
  }
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  // The duplicate goes: the two lead to the same states.
  expect(trainer.events.map(({ kind }) => kind)).toContain('merge');
  expect(trainer.library.skills.map(({ name }) => name)).toContain('look-up');
  const held = backend.bytes;
  const other = await testBackend();
  await createTrainer(resolveConfig(config), other, hooks, { skills: compositesOf(trainer.library) });
  expect(held).toBe(other.bytes);
  await expectNoFailure(backend);
  backend.destroy();
  other.destroy();
}, 120_000);
