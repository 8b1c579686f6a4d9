/** The last evaluations of a comparison, as rows of a table. Pure. */
import type { Split } from '../../graph/world.ts';
import type { Evaluation } from '../../training/records.ts';
import type { KeptRun } from '../kept/keptRun.ts';
import type { RunGroup } from './groups.ts';
import { MEASURES } from './measures.ts';
import { interval } from './spread.ts';

export interface Result {
  /** null where it is undefined in every run of the row. */
  readonly mean: number | null;
  readonly halfWidth: number;
  /** How many runs have it. */
  readonly n: number;
}

export interface ResultRow {
  readonly key: string;
  readonly label: string;
  readonly runs: readonly KeptRun[];
  /** The steps of the evaluations that the row is made of. */
  readonly steps: readonly number[];
  readonly results: ReadonlyMap<string, Result>;
  /** By how much success could be larger at most: walks of a live run that lead to what was not asked count as failed. */
  readonly unexplored: number;
}

const evaluations = new WeakMap<KeptRun['record'], Map<string, readonly Evaluation[]>>();

/** A run's evaluations on one split of one suite. */
export function evaluationsOf({ record }: KeptRun, suite: string, split: Split): readonly Evaluation[] {
  const known = evaluations.get(record) ?? new Map<string, readonly Evaluation[]>();
  evaluations.set(record, known);
  const key = `${split} ${suite}`;
  const found = known.get(key) ?? record.evaluations.filter((one) => one.suite === suite && one.split === split);
  known.set(key, found);
  return found;
}

/** The last evaluation of each run of a group, averaged. */
export function resultRow({ key, label, runs }: RunGroup, suite: string, split: Split): ResultRow {
  const last = runs.flatMap((run) => evaluationsOf(run, suite, split).at(-1) ?? []);
  const results = new Map(
    MEASURES.map((measure): [string, Result] => {
      const values = last.flatMap((one) => measure.of(one) ?? []);
      if (values.length === 0) return [measure.id, { mean: null, halfWidth: 0, n: 0 }];
      const { mean, high, n } = interval(values);
      return [measure.id, { mean, halfWidth: high - mean, n }];
    }),
  );
  const steps = [...new Set(last.map(({ step }) => step))].sort((a, b) => a - b);
  return { key, label, runs, steps, results, unexplored: Math.max(0, ...last.map((one) => one.unexplored ?? 0)) };
}

export interface Order {
  /** A measure's id, `label`, `n` or `step`. */
  readonly by: string;
  readonly descending: boolean;
}

/** Rows in the order of a column; what is undefined comes last either way. */
export function sortRows(rows: readonly ResultRow[], { by, descending }: Order): readonly ResultRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (by === 'label') return sign * a.label.localeCompare(b.label, 'en', { numeric: true });
    const valueIn = (row: ResultRow): number | null =>
      by === 'n' ? row.runs.length : by === 'step' ? (row.steps.at(-1) ?? null) : (row.results.get(by)?.mean ?? null);
    const [left, right] = [valueIn(a), valueIn(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return sign * (left - right);
  });
}
