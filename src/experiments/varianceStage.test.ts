import { expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { readExperiment } from './spec.ts';
import { variancesOf } from './varianceStage.ts';

const experiment = readExperiment({
  version: 1,
  name: 'noise',
  title: 'Noise',
  question: 'How much?',
  figure: 'variance',
  base: { version: 1, device: 'cpu', steps: 3, encoder: { dimensions: 16 }, supervisor: { width: 8 } },
  suites: [{ name: 'diamond', set: { suites: [{ name: 'diamond', train: 1 }] } }],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'reinforce', set: { 'objective.kind': 'reinforce' } },
  ],
  seeds: [0],
  baseline: 'tb',
  variance: { walks: [2, 4], batches: 3 },
});

test('the variance stage has a row per arm and number of walks, tells how far it is, and gives the same twice', async () => {
  const told: string[] = [];
  const parts = { backend: () => createCpuBackend(), signal: new AbortController().signal };
  const rows = await variancesOf(experiment, { ...parts, onProgress: (done, of) => told.push(`${done}/${of}`) });
  expect(rows.map(({ objective, walks, step }) => `${objective} ${walks} ${step}`)).toEqual([
    'tb 2 3',
    'tb 4 3',
    'reinforce 2 3',
    'reinforce 4 3',
  ]);
  expect(rows.every(({ ratio }) => ratio !== null && ratio > 0)).toBe(true);
  expect(told).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
  expect(await variancesOf(experiment, parts)).toEqual(rows);
});

test('with steps, the variance is measured with each seed after each of them, in order, and at no step beyond the end', async () => {
  const parts = { backend: () => createCpuBackend(), signal: new AbortController().signal };
  const told: string[] = [];
  const at = { ...experiment, seeds: [0, 5], variance: { walks: [2], batches: 2, steps: [7, 1, 3] } };
  const rows = await variancesOf(at, { ...parts, onProgress: (done, of) => told.push(`${done}/${of}`) });
  expect(rows.map(({ objective, seed, step }) => `${seed} ${step} ${objective}`)).toEqual(
    ['0 1', '0 3', '5 1', '5 3'].flatMap((row) => [`${row} tb`, `${row} reinforce`]),
  );
  expect(told[told.length - 1]).toBe('8/8');
  // Training that was stopped to measure goes on as if it had not been.
  const end = await variancesOf({ ...at, variance: { walks: [2], batches: 2 } }, parts);
  expect(rows.filter(({ step }) => step === 3)).toEqual(end);
});

test('the variance stage is given up where it was cancelled, and has no rows where none are asked for', async () => {
  const cancel = new AbortController();
  const parts = { backend: () => createCpuBackend(), signal: cancel.signal };
  expect(await variancesOf({ ...experiment, variance: undefined }, parts)).toEqual([]);
  await expect(variancesOf(experiment, { ...parts, onProgress: () => cancel.abort() })).rejects.toThrow(/abort/i);
});
