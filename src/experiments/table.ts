/** The rows of an experiment as columns: one row per run, split and measure. */
import type { Results } from './results.ts';
import { MEASURES } from './results.ts';

export interface ParquetColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE';
  readonly data: (string | number | null)[];
}

/** Tidy: what a row is of, and one value; null where the measure is 0/0. */
export function parquetColumns({ experiment, rows }: Results): ParquetColumn[] {
  const tidy = rows.flatMap((row) => MEASURES.map((measure) => ({ ...row, measure, value: row.values[measure] })));
  const text = (name: string, of: (row: (typeof tidy)[number]) => string): ParquetColumn => ({
    name,
    type: 'STRING',
    data: tidy.map(of),
  });
  const count = (name: string, of: (row: (typeof tidy)[number]) => number): ParquetColumn => ({
    name,
    type: 'INT32',
    data: tidy.map(of),
  });
  return [
    text('experiment', () => experiment.name),
    text('arm', ({ arm }) => arm),
    text('suite', ({ suite }) => suite),
    text('split', ({ split }) => split),
    count('seed', ({ seed }) => seed),
    text('run', ({ run }) => run),
    count('steps', ({ steps }) => steps),
    count('executorCalls', ({ executorCalls }) => executorCalls),
    text('measure', ({ measure }) => measure),
    { name: 'value', type: 'DOUBLE', data: tidy.map(({ value }) => value) },
  ];
}
