/** What the objectives beside trajectory balance need of a run: replay, demonstrations, likelihood, the published P_B. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import { resolveConfig } from './resolve.ts';
import { createTrainer, type Trainer } from './trainer.ts';

const hooks = { onProgress: () => {}, signal: new AbortController().signal };
const evaluation = { all: true, signal: hooks.signal, onProgress: () => {} };

const base: ConfigInput = {
  version: 1,
  seed: 1,
  steps: 200,
  suites: [{ name: 'tree', settings: { depth: 3, branching: 3, observation: 'merges' }, train: 1 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 16, heads: 2 },
  optimiser: { lr: 0.01 },
  rollout: { tasksPerStep: 1, trajectoriesPerTask: 16, epsilon: 0.1 },
};

const trainerOf = (changes: Partial<ConfigInput>): Promise<Trainer> =>
  createTrainer(resolveConfig({ ...base, ...changes }), createCpuBackend(), hooks);

async function evaluated(trainer: Trainer) {
  const [found] = await trainer.evaluate(evaluation);
  if (found === undefined) throw new Error('there is a task');
  return found;
}

describe('a replay buffer', () => {
  const rollout = { ...base.rollout, replay: { capacity: 40, share: 0.5 } };

  test('replays half of the walks from the second step on, and the executor carries out the others', async () => {
    const trainer = await trainerOf({ objective: { kind: 'tb' }, rollout });
    await trainer.train(6);
    const steps = await trainer.drain();
    // Every walk of this tree has three edges.
    expect(steps.map(({ executed }) => executed)).toEqual([48, 24, 24, 24, 24, 24]);
    expect((await evaluated(trainer)).executorCalls).toBe(48 + 5 * 24);
  });

  test('repeats walks that were made before', async () => {
    const trainer = await trainerOf({ objective: { kind: 'tb' }, rollout });
    const first = await trainer.walks();
    await trainer.train(1);
    const maxSteps = first.length / 16;
    const walk = (walks: Uint32Array, w: number) => walks.subarray(w * maxSteps, (w + 1) * maxSteps).join();
    const made = new Set(Array.from({ length: 16 }, (_, w) => walk(first, w)));
    const second = await trainer.walks();
    for (let w = 8; w < 16; w++) expect(made).toContain(walk(second, w));
  });

  test('does not keep balance from the target', async () => {
    const trainer = await trainerOf({ objective: { kind: 'tb' }, rollout: { ...rollout, trajectoriesPerTask: 32 } });
    await trainer.train(200);
    expect((await evaluated(trainer)).l1).toBeLessThan(0.15);
  });

  test('is for balance alone', () => {
    expect(() => resolveConfig({ ...base, objective: { kind: 'ppo' }, rollout })).toThrow(/rollout\.replay\.capacity/);
  });
});

describe('demonstrations', () => {
  test('are walks of the exact optimal policy: imitating them brings the policy to the target', async () => {
    const trainer = await trainerOf({
      objective: { kind: 'sft', demonstrations: true },
      rollout: { ...base.rollout, trajectoriesPerTask: 64 },
    });
    const before = await evaluated(trainer);
    await trainer.train(100);
    const [first] = await trainer.drain();
    // As often solved as the target says, and far more than the first policy would be: five deviations of 64 draws.
    expect(Math.abs(first.success - before.targetSuccess)).toBeLessThan(5 * Math.sqrt(0.25 / 64));
    const after = await evaluated(trainer);
    // Only solved walks are imitated, so failures vanish; what is solved is shared out as the target does.
    expect(after.success).toBeGreaterThan(0.9);
    expect(after.modes).toBe(after.modesOfTarget);
  });

  test('are not for what learns from its own policy, nor beside a replay buffer', () => {
    const demonstrations = true;
    expect(() => resolveConfig({ ...base, objective: { kind: 'grpo', demonstrations } })).toThrow(
      /objective\.demonstrations/,
    );
    const rollout = { ...base.rollout, replay: { capacity: 8 } };
    expect(() => resolveConfig({ ...base, objective: { kind: 'tb', demonstrations }, rollout })).toThrow(/not both/);
  });
});

describe('a backward policy by likelihood', () => {
  test('balances to the target', async () => {
    const trainer = await trainerOf({
      objective: { kind: 'tb', backward: 'tlm' },
      rollout: { ...base.rollout, trajectoriesPerTask: 32 },
    });
    await trainer.train(200);
    expect((await evaluated(trainer)).l1).toBeLessThan(0.15);
  });

  test('is learned under an objective that knows of none, and gives its credit', async () => {
    const trainer = await trainerOf({ objective: { kind: 'grpo', backward: 'tlm' } });
    const before = await trainer.policyOf(0);
    await trainer.train(20);
    const after = await trainer.policyOf(0);
    expect(after.logPB).not.toEqual(before.logPB);
    expect((await trainer.drain()).every(({ gradBackward }) => gradBackward > 0)).toBe(true);
  });
});

describe('the published backward policy', () => {
  test('is normalised over the actions of the state before, and its answer key over entering edges', async () => {
    const trainer = await trainerOf({ objective: { kind: 'ttb-paper' } });
    await trainer.train(30);
    const { logPB, keyLogPB } = await trainer.policyOf(0);
    const { graph } = await trainer.inspect('train', 0);
    for (let node = 1; node < graph.states + graph.outcomes; node++) {
      const entering = Array.from(graph.inEdge.subarray(graph.inStart[node], graph.inStart[node + 1]));
      const sum = (of: Float64Array) => entering.reduce((total, e) => total + Math.exp(of[e]), 0);
      expect(sum(keyLogPB)).toBeCloseTo(1, 12);
    }
    expect(logPB.every((value) => value <= 1e-6)).toBe(true);
    // A softmax over three actions at random logits is not 1 / (edges that enter).
    expect(logPB.some((value, e) => Math.abs(value - keyLogPB[e]) > 0.1)).toBe(true);
  });
});

test('several updates a batch count as one step, whose walks the executor carries out once', async () => {
  const trainer = await trainerOf({ objective: { kind: 'ppo', updatesPerBatch: 3 } });
  await trainer.train(4);
  expect((await trainer.drain()).map(({ executed }) => executed)).toEqual([48, 48, 48, 48]);
  expect(trainer.step).toBe(4);
});

test('policies that need no learning are measured beside the run', async () => {
  const trainer = await trainerOf({ objective: { kind: 'reinforce' } });
  const of = (policy: string) => trainer.references.find((row) => row.policy === policy);
  expect(of('optimal')?.l1).toBeLessThan(1e-9);
  expect(of('greedy')).toMatchObject({ success: 1, entropy: 0 });
  expect(of('random')?.success).toBeGreaterThan(0);
  expect(of('random')?.success).toBeLessThan(of('optimal')?.success ?? 0);
});
