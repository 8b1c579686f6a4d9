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

test('the variance stage is given up where it was cancelled, and has no rows where none are asked for', async () => {
  const cancel = new AbortController();
  const parts = { backend: () => createCpuBackend(), signal: cancel.signal };
  expect(await variancesOf({ ...experiment, variance: undefined }, parts)).toEqual([]);
  await expect(variancesOf(experiment, { ...parts, onProgress: () => cancel.abort() })).rejects.toThrow(/abort/i);
});
