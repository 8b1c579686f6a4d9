/** What a Trainer promises whatever it is asked in between: the same steps, from sound samples, on either side of a stop. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import { resolveConfig } from './resolve.ts';
import type { Trainer } from './trainer.ts';
import { createTrainer } from './trainer.ts';

const signal = new AbortController().signal;
const evaluation = { all: true, signal, onProgress: () => {} };

/** Outcomes of the grid lie at every depth, so walks are shorter than the horizon; the trees have merges. */
const base = {
  version: 1,
  seed: 11,
  steps: 12,
  suites: [
    { name: 'hypergrid', settings: { height: 4 }, train: 1 },
    { name: 'tree', settings: { observation: 'merges' }, train: 4, validation: 2 },
  ],
  encoder: { dimensions: 16 },
  supervisor: { width: 8, heads: 2 },
  objective: { beta: 1, eps: 0.1 },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 5, temperature: 2 },
} satisfies ConfigInput;

async function trainerOf(input: ConfigInput): Promise<Trainer> {
  return createTrainer(resolveConfig(input), createCpuBackend(), { onProgress: () => {}, signal });
}

describe.each([
  ['ttb', 'learned'],
  ['tb', 'uniform'],
  ['vargrad', 'maxent'],
] as const)('%s with a %s backward policy', (kind, backward) => {
  const input = { ...base, objective: { ...base.objective, kind, backward } };

  test('steps are the same whether or not the policy is evaluated, viewed and probed between them', async () => {
    const plain = await trainerOf(input);
    await plain.train(9);
    const watched = await trainerOf(input);
    for (let i = 0; i < 3; i++) {
      await watched.evaluate(evaluation);
      await watched.inspect('validation', i % 2);
      await watched.credit('train', i, 3);
      const { parameters } = await watched.probe();
      await watched.probe(parameters.map((value) => value + 0.1));
      await watched.train(3);
    }
    expect(await watched.drain()).toEqual(await plain.drain());
    expect(await watched.save()).toEqual(await plain.save());
  });

  test('a run restored after any step ends as one that was never stopped', async () => {
    const whole = await trainerOf(input);
    await whole.train(9);
    const metrics = await whole.drain();
    for (const stop of [0, 1, 4]) {
      const parted = await trainerOf(input);
      await parted.train(stop);
      const resumed = await trainerOf(input);
      await resumed.train(2); // what it did before is forgotten
      resumed.restore(await parted.save());
      await resumed.train(9 - stop);
      expect(await resumed.drain()).toEqual(metrics.slice(stop));
      expect(await resumed.save()).toEqual(await whole.save());
      expect(await resumed.evaluate(evaluation)).toEqual(await whole.evaluate(evaluation));
    }
  });
});

describe.each([
  ['ttb', 'merges'],
  ['ttb-paper', 'reveals'],
] as const)('a uniform first P_B of %s', (kind, observation) => {
  const suites = [{ name: 'tree', settings: { observation }, train: 2 }];
  const started = (backwardStart: 'random' | 'uniform') =>
    trainerOf({ ...base, suites, supervisor: { ...base.supervisor, backwardStart }, objective: { kind } });

  test('is uniform in every state, over what it chooses from, and P_F is as without it', async () => {
    const [random, uniform] = [await started('random'), await started('uniform')];
    for (const q of [0, 1]) {
      const { source, target, outStart, inStart } = uniform.graphOf(q);
      const policy = await uniform.policyOf(q);
      for (const [e, logPB] of policy.logPB.entries()) {
        const choices =
          kind === 'ttb-paper'
            ? outStart[source[e] + 1] - outStart[source[e]]
            : inStart[target[e] + 1] - inStart[target[e]];
        expect(logPB).toBeCloseTo(-Math.log(choices), 6);
      }
      expect(policy.logPF).toEqual((await random.policyOf(q)).logPF);
    }
    const { logPB } = await random.policyOf(0);
    expect(new Set([...logPB].map((value) => value.toFixed(4))).size).toBeGreaterThan(4);
  });

  test('learns from the first step on', async () => {
    const trainer = await started('uniform');
    const { gradients } = await trainer.probe();
    const { first, length } = trainer.supervisor.layout.groups.backward;
    expect(gradients.slice(first, first + length).some((value) => Math.abs(value) > 1e-4)).toBe(true);
    await trainer.train(3);
    const moved = await trainer.policyOf(0);
    expect(new Set([...moved.logPB].map((value) => value.toFixed(5))).size).toBeGreaterThan(4);
    expect((await trainer.drain()).every(({ gradBackward }) => gradBackward > 0)).toBe(true);
  });
});

test('a step takes every training task where there are fewer than it asks for', async () => {
  const few = await trainerOf({ ...base, rollout: { ...base.rollout, tasksPerStep: 256 } });
  const walks = await few.walks();
  await few.train(2);
  const metrics = await few.drain();
  // 5 tasks of 5 walks. A tree's walks have 3 edges, and the horizon is the grid's: 2 (4 - 1) + 1 = 7.
  expect(walks).toHaveLength(5 * 5 * 7);
  expect(metrics).toHaveLength(2);
});

test('more steps are taken in one go than the metrics ring holds, and none is lost', async () => {
  const trainer = await trainerOf({ ...base, steps: 600, suites: [{ name: 'diamond', train: 1 }] });
  await trainer.train(600);
  const metrics = await trainer.drain();
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
});

test('the last step of a linear schedule still learns, and steps beyond the last change nothing', async () => {
  const input = { ...base, steps: 3, optimiser: { schedule: 'linear', weightDecay: 0.1 } } as const;
  const trainer = await trainerOf(input);
  await trainer.train(2);
  const before = await trainer.save();
  await trainer.train(1);
  const last = await trainer.save();
  expect(last.tensors.parameters).not.toEqual(before.tensors.parameters);
  await trainer.train(1);
  expect((await trainer.save()).tensors.parameters).toEqual(last.tensors.parameters);
});

test('one walk, one task and one step leave nothing undefined', async () => {
  const diamond = { ...base, suites: [{ name: 'diamond', train: 1 }], steps: 1 };
  for (const kind of ['ttb', 'ttb-paper', 'tb', 'db', 'subtb', 'ppo', 'sft'] as const) {
    const trainer = await trainerOf({
      ...diamond,
      objective: { kind },
      rollout: { tasksPerStep: 1, trajectoriesPerTask: 1 },
    });
    await trainer.train(1);
    expect(await trainer.drain()).toHaveLength(1);
    for (const { l1 } of await trainer.evaluate(evaluation)) expect(Number.isFinite(l1)).toBe(true);
  }
});

test('given trajectories are those of the next step alone, and of as many walks as it has', async () => {
  const trainer = await trainerOf(base);
  const walks = await trainer.walks();
  await expect(trainer.train(2, { given: walks })).rejects.toThrow(RangeError);
  await expect(trainer.train(1, { given: walks.subarray(1) })).rejects.toThrow(RangeError);
  expect(trainer.step).toBe(0);
});
