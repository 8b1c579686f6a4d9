/** Checkpoints of trained runs as verified models. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { onnx } from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ConfigInput } from './config.ts';
import { differencesInWords, exportRun, trainedParts } from './exportRun.ts';
import { openTrainer } from './openTrainer.ts';
import { resolveConfig } from './resolve.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
const signal = new AbortController().signal;
const draft = { name: 'look-up', description: 'To find out.', plan: ['search {a}', 'follow {b} of {c}'] };

/** Three suites in one run, with skills to begin with. */
const base = {
  version: 1,
  seed: 5,
  device: 'cpu',
  steps: 30,
  suites: [
    { name: 'two-hop-qa', settings: { steps: 4, countries: 12 }, train: 4, heldOut: 2 },
    { name: 'household', settings: { horizon: 6, rooms: 2 }, train: 2 },
    { name: 'contest-math', settings: { fractions: false }, train: 4, validation: 2 },
  ],
  library: [
    draft,
    { name: 'sum', plan: ['multiply {a} by {b} to make {c}', 'add {d} and {e} to make {f}'] },
    { name: 'fetch', plan: ['go to the {a}', 'take {b} from the {a}'] },
  ],
  encoder: { dimensions: 64 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb', beta: 5, eps: 0.1 },
  rollout: { tasksPerStep: 4, trajectoriesPerTask: 4 },
} satisfies ConfigInput;

async function trained(input: ConfigInput, steps: number): Promise<Pick<Checkpoint, 'config' | 'step' | 'snapshot'>> {
  const config = resolveConfig(input);
  const trainer = await openTrainer(config, createCpuBackend(), { onProgress: () => {}, signal });
  await trainer.train(steps);
  const snapshot = await trainer.save();
  trainer.destroy();
  return { config, step: trainer.step, snapshot };
}

const readable = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

describe('the export of a trained run', { timeout: 60_000 }, () => {
  test('is the lab’s own pass within 1e-5 on 1,000 states of three suites with a library', async () => {
    const checkpoint = await trained(base, 30);
    const { files, check } = await exportRun(checkpoint, wasm);
    expect(files.map(({ name }) => name)).toEqual(['policy.onnx', 'backward.onnx', 'supervisor.json']);
    expect(check).toMatchObject({ verified: true, precision: 'float32', tolerance: 1e-5 });
    expect(check.states).toBe(1000);
    expect(check.tasks).toBeGreaterThanOrEqual(8);
    for (const name of ['logPF', 'logPB', 'logZ'] as const) expect(check.largest[name]).toBeLessThan(1e-5);
    expect(check.largest.logF).toBeNull();
  });

  test('says beside the models what it takes to use them', async () => {
    const { files } = await exportRun(await trained(base, 1), wasm, { states: 30 });
    const about = readable(files[2].bytes);
    expect(about).toMatchObject({
      format: 'skillflow-supervisor',
      policy: { file: 'policy.onnx', outputs: ['logPF', 'logZ'] },
      backward: { file: 'backward.onnx', over: 'entering' },
      encoder: { id: 'hashed-64', kind: 'hashed', dimensions: 64 },
      supervisor: { dimensions: 64, width: 16, heads: 2, depth: 1, skills: 4 },
      skills: [
        { slot: 0, name: 'look-up', plan: draft.plan },
        { slot: 1, name: 'sum' },
        { slot: 2, name: 'fetch' },
      ],
      step: 1,
      check: { verified: true },
      config: { seed: 5 },
    });
    const { metadataProps } = onnx.ModelProto.decode(files[0].bytes);
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata).toMatchObject({ encoder: 'hashed-64', 'supervisor.width': '16', objective: 'tb', step: '1' });
    expect(JSON.parse(metadata.skills ?? '')[0]).toEqual({ slot: 0, name: 'look-up' });
  });

  test('of a run that matches words asks for cosines, and says how to make them', async () => {
    const checkpoint = await trained({ ...base, encoder: { ...base.encoder, match: 'words' } }, 2);
    const { files, check } = await exportRun(checkpoint, wasm, { states: 60 });
    expect(check.verified).toBe(true);
    const encoder = { id: 'hashed-64-words', kind: 'hashed', dimensions: 64, match: 'words' };
    expect(readable(files[2].bytes).encoder).toEqual(encoder);
    const inputs = onnx.ModelProto.decode(files[0].bytes).graph?.input?.map(({ name }) => name);
    expect(inputs).toEqual(expect.arrayContaining(['cosines', 'taskCosines']));
  });

  test.each([
    ['subtb', 'learned', ['logPF', 'logF'], 'entering'],
    ['ttb-paper', 'learned', ['logPF', 'logZ'], 'actions'],
    ['tb', 'uniform', ['logPF', 'logZ'], null],
    ['grpo', 'uniform', ['logPF'], null],
    ['ppo', 'uniform', ['logPF', 'logF'], null],
  ] as const)('of %s with a %s P_B holds what that trains', async (kind, backward, outputs, over) => {
    const config = { ...base, objective: { ...base.objective, kind, backward } };
    const { files, check } = await exportRun(await trained(config, 2), wasm, { states: 60 });
    const about = readable(files[files.length - 1].bytes);
    expect(about.policy.outputs).toEqual(outputs);
    expect(about.backward?.over ?? null).toBe(over);
    expect(files.some(({ name }) => name === 'backward.onnx')).toBe(over !== null);
    expect(check.verified).toBe(true);
  });

  test('has the library that evolution came to, not the one that it began with', async () => {
    const { library: _, ...rest } = base;
    const config = resolveConfig({ ...rest, evolution: { control: 'none', slots: 4 } });
    const trainer = await openTrainer(config, createCpuBackend(), { onProgress: () => {}, signal });
    if (!('change' in trainer)) throw new Error('the config has evolution');
    await trainer.train(1);
    await trainer.change({ kind: 'add', draft: { ...draft, pitfall: '', constraint: '', allows: [] } });
    const { files, check } = await exportRun({ config, step: 1, snapshot: await trainer.save() }, wasm, { states: 60 });
    expect(readable(files[2].bytes).skills).toMatchObject([{ slot: 0, name: 'look-up' }]);
    expect(check.verified).toBe(true);
  });

  test('turns to float64 where float32 is not near enough', async () => {
    const checkpoint = await trained(base, 1);
    const { parameters } = checkpoint.snapshot.tensors;
    const tensors = { ...checkpoint.snapshot.tensors, parameters: Float32Array.from(parameters, (value) => 2 * value) };
    const sharp = { ...checkpoint, snapshot: { ...checkpoint.snapshot, tensors } };
    const { files, check } = await exportRun(sharp, wasm, { states: 100 });
    expect(check).toMatchObject({ verified: true, precision: 'float64' });
    const single = (await exportRun(checkpoint, wasm, { states: 30 })).files;
    expect(files[0].bytes.length / single[0].bytes.length).toBeGreaterThan(1.7);
  });

  test('is refused where the parameters are those of another network', async () => {
    const checkpoint = await trained(base, 1);
    const other = resolveConfig({ ...base, supervisor: { width: 8, heads: 2 } });
    await expect(exportRun({ ...checkpoint, config: other }, wasm)).rejects.toThrow('tensor "parameters"');
  });
});

test('what was not trained is not told of', () => {
  const largest = { logPF: 4.1e-6, logPB: null, logF: null, logZ: 1e-7 };
  expect(differencesInWords({ largest })).toBe('log P_F 4.1e-6, log Z 1.0e-7');
  const config = resolveConfig({ ...base, objective: { ...base.objective, backward: 'tlm' } });
  expect(trainedParts(config)).toEqual({ flow: null, logZ: true, backward: 'entering' });
});
