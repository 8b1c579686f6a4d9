/** What the chosen runs were evaluated on. Pure. */
import type { Split } from '../../graph/world.ts';
import type { KeptRun } from '../kept/keptRun.ts';
import { evaluationsOf } from './results.ts';

/** The suites of some runs, that of most runs first. */
export function suitesOf(runs: readonly KeptRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { record } of runs) {
    for (const { name } of record.config.suites) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** The splits that a run was evaluated on, those of most runs first, and of these held-out ones first. */
export function splitsOf(runs: readonly KeptRun[], suite: string): readonly Split[] {
  const splits = (['heldOut', 'validation', 'train'] as const).map((split) => ({
    split,
    runs: runs.filter((run) => evaluationsOf(run, suite, split).length > 0).length,
  }));
  return splits
    .filter((one) => one.runs > 0)
    .sort((a, b) => b.runs - a.runs)
    .map(({ split }) => split);
}
