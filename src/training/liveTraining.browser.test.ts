/** A run over a live executor, on WebGPU: graphs grow on one device, and nothing of the smaller ones is left. */
import { expect, test } from 'vitest';
import { Executor } from '../executor/executor.ts';
import { PROMPTS } from '../executor/prompt.ts';
import { indexedResults, memoryResults } from '../executor/resultStore.ts';
import { perfectReader, scriptedModel } from '../executor/scripted.fixture.ts';
import type { Backend } from '../gpu/backend.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { expectNoFailure, testBackend } from '../gpu/testing/testBackend.ts';
import type { ConfigInput } from './config.ts';
import type { LiveTrainer } from './liveTrainer.ts';
import { createLiveTrainer } from './liveTrainer.ts';
import { resolveConfig } from './resolve.ts';

const signal = new AbortController().signal;

const config: ConfigInput = {
  version: 1,
  seed: 3,
  steps: 6,
  suites: [{ name: 'two-hop-qa-live', settings: { steps: 2, countries: 12 }, train: 3, heldOut: 1 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 8, heads: 2 },
  objective: { kind: 'tb' },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4, epsilon: 0.1 },
};

async function open(backend: Backend, store = memoryResults()): Promise<{ trainer: LiveTrainer; asked: string[] }> {
  const model = scriptedModel(perfectReader);
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store, seed: 0 });
  const hooks = { onProgress: () => {}, signal, executor };
  return { trainer: await createLiveTrainer(resolveConfig(config), backend, hooks), asked: model.asked };
}

test('takes the steps that the CPU takes, frees what it outgrew, and asks for nothing that IndexedDB has', async () => {
  const backend = await testBackend();
  const name = `results-${crypto.randomUUID()}`;
  const gpu = await open(backend, await indexedResults(name));
  const cpu = await open(createCpuBackend());
  await gpu.trainer.train(6);
  await cpu.trainer.train(6);
  const [onGpu, onCpu] = [await gpu.trainer.drain(), await cpu.trainer.drain()];
  expect(onGpu.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  // The first batch is drawn from the same policy; later ones may part where rounding decides a draw.
  expect(onGpu[0].loss).toBeCloseTo(onCpu[0].loss, 3);
  expect(gpu.asked.length).toBeGreaterThan(5);

  const held = backend.bytes;
  const other = await testBackend();
  const again = await open(other, await indexedResults(name));
  const snapshot = await gpu.trainer.save();
  await again.trainer.restore(snapshot);
  expect(again.asked).toEqual([]);
  expect(other.bytes).toBe(held);
  expect((await again.trainer.save()).tensors).toEqual(snapshot.tensors);
  await expectNoFailure(backend);
  await expectNoFailure(other);
  backend.destroy();
  other.destroy();
}, 120_000);
