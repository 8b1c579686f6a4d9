import { expect, test } from 'vitest';
import { mainRuns } from '../../src/experiments/spec.ts';
import { BadInput } from './badInput.ts';
import { chosenOf, overridden } from './experiment.ts';

const EXPERIMENT = {
  version: 1,
  name: 'one',
  title: 'One',
  question: 'Which?',
  figure: 'comparison',
  base: { version: 1, suites: [{ name: 'diamond' }], steps: 10 },
  suites: [
    { name: 'plain', set: {} },
    { name: 'longer', set: { steps: 20, device: 'webgpu' } },
  ],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'ttb', set: { 'objective.kind': 'ttb' } },
  ],
  seeds: [0],
  tune: { arms: ['tb'], grid: { 'optimiser.lr': [0.1, 0.2] }, seeds: [1], by: 'success' },
};

test('an override reaches every run, also where a suite says something else', () => {
  const changed = overridden(EXPERIMENT, [
    { path: 'steps', value: '5' },
    { path: 'device', value: 'cpu' },
  ]);
  const runs = mainRuns(changed, []);
  expect(runs).toHaveLength(4);
  expect(new Set(runs.map(({ config }) => `${config.steps} ${config.device}`))).toEqual(new Set(['5 cpu']));
});

test.each(['objective.kind', 'optimiser.lr', 'seed'])('%s is refused: the runs differ by it', (path) => {
  expect(() => overridden(EXPERIMENT, [{ path, value: '1' }])).toThrow(BadInput);
});

test('suites are chosen by name, also by one with a comma in it, and by another that begins alike', () => {
  const of = ['maths', 'maths, one step', 'household'].map((name) => ({ name }));
  const chosen = (text: string) =>
    chosenOf(
      '--suites',
      text.split(',').map((part) => part.trim()),
      of,
    ).map(({ name }) => name);
  expect(chosenOf('--suites', null, of)).toEqual(of);
  expect(chosen('household, maths')).toEqual(['maths', 'household']);
  expect(chosen('maths,one step')).toEqual(['maths, one step']);
  expect(chosen('household,maths, one step,maths')).toEqual(['maths', 'maths, one step', 'household']);
  expect(() => chosen('maths, two steps')).toThrow(
    new BadInput('--suites two steps: there are "maths", "maths, one step", "household"'),
  );
});
