import { expect, test } from 'vitest';
import experiment from '../../experiments/evolution.json';
import recorded from '../../experiments/results/evolution.json';
import { mainRuns, readExperiment } from './spec.ts';

test('runs with evolution keep the names that they were recorded under', () => {
  const names = mainRuns(readExperiment(experiment), []).map(({ id }) => id);
  expect(names).toEqual(recorded.runs.map(({ id }) => id));
});
