/** An experiment of four short runs, records of them that are made up, and a shelf. Tests only. */
import { type Experiment, type PlannedRun, readExperiment } from '../../experiments/spec.ts';
import { parseRecord } from '../../training/recordSchema.ts';
import type { RunRecord } from '../../training/records.ts';
import { evaluation, metrics } from '../fakeSession.fixture.ts';
import { createExperimentShelf, type ExperimentShelf } from './experimentShelf.ts';
import { type ExperimentStorage, passingStorage } from './experimentStorage.ts';

export const SMALL = {
  version: 1,
  name: 'small',
  title: 'Small',
  question: 'Which keeps more?',
  figure: 'comparison',
  base: { version: 1, device: 'cpu', steps: 20, encoder: { dimensions: 16 }, supervisor: { width: 8 } },
  suites: [{ name: 'diamond', set: { suites: [{ name: 'diamond', train: 1 }] } }],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'grpo', set: { 'objective.kind': 'grpo' } },
  ],
  seeds: [0, 1],
  baseline: 'tb',
};

export function small(changes: object = {}): Experiment {
  return readExperiment({ ...SMALL, ...changes });
}

/** A finished record of a run, its numbers from its seed; whole, as one that was read is. */
export function recordOf({ config }: PlannedRun): RunRecord {
  return parseRecord({
    version: 1,
    config,
    device: { backend: 'cpu', adapter: 'made up', software: false },
    steps: Array.from({ length: config.steps }, (_, i) => metrics(i + 1, 1 + config.seed)),
    evaluations: [evaluation(0, { success: 0 }), evaluation(config.steps, { success: 0.9 - config.seed / 10 })],
    references: [],
    timing: { startedAt: '2026-02-03T04:05:06.000Z', seconds: 30, stepsPerSecond: 1 },
    stopped: 'finished',
  });
}

/** A shelf on rows that end with the test; what it told and which checkpoints it deleted. */
export function shelfOn(storage: ExperimentStorage = passingStorage('this is a test.')): {
  readonly shelf: ExperimentShelf;
  readonly told: string[];
  readonly deleted: string[];
} {
  const told: string[] = [];
  const deleted: string[] = [];
  const shelf = createExperimentShelf({
    storage,
    checkpoints: {
      delete: async (key) => {
        deleted.push(key);
      },
    },
    tell: (text, hint) => told.push(`${text} ${hint}`),
  });
  return { shelf, told, deleted };
}
