/** The last evaluation of each line or each run, in a table that is sorted by its heads. */
import { type ReactNode, useMemo, useState } from 'react';
import { LineKey } from '../curves/LineKey.tsx';
import { splitName } from '../curves/series.ts';
import { figure } from '../format.ts';
import type { Asked, Comparison } from './comparison.ts';
import { EACH_RUN, groupRuns } from './groups.ts';
import { MEASURES, type Measure } from './measures.ts';
import { type Order, type Result, resultRow, sortRows } from './results.ts';

interface ResultTableProps {
  readonly comparison: Comparison;
  readonly asked: Asked;
  readonly onPoint: (label: string | null) => void;
}

export function ResultTable({ comparison, asked, onPoint }: ResultTableProps): ReactNode {
  const { groups, rows: grouped, labelOfRun, marksOfRuns } = comparison;
  const { suite, split } = asked;
  const [perRun, setPerRun] = useState(false);
  const [order, setOrder] = useState<Order | null>(null);
  const averaged = groups.some(({ runs }) => runs.length > 1);
  const rows = useMemo(() => {
    const all = perRun
      ? groupRuns(
          groups.flatMap(({ runs }) => runs),
          EACH_RUN,
        ).map((run) => resultRow(run, suite, split))
      : grouped;
    return order === null ? all : sortRows(all, order);
  }, [perRun, groups, grouped, order, suite, split]);
  const undefinedMeasures = MEASURES.filter(({ id }) => rows.some(({ results }) => results.get(id)?.mean === null));

  const unexplored = Math.max(0, ...rows.map((row) => row.unexplored));

  function sortBy(by: string, better: Measure['better'] | 'text'): void {
    const first = better === 'more';
    setOrder(order?.by === by ? { by, descending: !order.descending } : { by, descending: first });
  }

  const head = (id: string, text: string, better: Measure['better'] | 'text', title: string) => (
    <th
      key={id}
      scope="col"
      aria-sort={order?.by !== id ? 'none' : order.descending ? 'descending' : 'ascending'}
      title={title}
    >
      <button
        type="button"
        className="decoration-dotted underline-offset-3 hover:underline"
        onClick={() => sortBy(id, better)}
      >
        {text}
        <span aria-hidden="true">{order?.by !== id ? '' : order.descending ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  );

  return (
    <section aria-labelledby="compare-results" className="mt-4">
      <h3 id="compare-results" className="heading">
        At the end
      </h3>
      <p className="text-soft">
        The last evaluation on {splitName(split)} tasks of {suite}
        {averaged && !perRun
          ? ': mean ± half the width of its 95% interval over n runs; where fewer have a value, (their number)'
          : ''}
        .
        {averaged && (
          <label className="ml-3 whitespace-nowrap">
            <input
              type="checkbox"
              className="mr-1 accent-flow align-middle"
              checked={perRun}
              onChange={(event) => setPerRun(event.target.checked)}
            />
            a row for each run
          </label>
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section tabIndex={0} aria-label="Last evaluations" className="compare-table">
        <table>
          <thead>
            <tr>
              {head('label', perRun ? 'Run' : 'Line', 'text', '')}
              {!perRun && averaged && head('n', 'n', 'more', 'How many runs the row is the mean of')}
              {head('step', 'Step', 'text', 'Step of the last evaluation')}
              {MEASURES.map(({ id, short, title, better }) => head(id, short, better, title))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const [run] = row.runs;
              return (
                <tr
                  key={row.key}
                  onPointerEnter={() => onPoint(labelOfRun.get(run?.id ?? '') ?? null)}
                  onPointerLeave={() => onPoint(null)}
                >
                  <th scope="row">
                    <LineKey line={{ style: 'compared', mark: marksOfRuns.get(run?.id ?? '') }} />
                    {row.label}
                    {perRun && <span className="text-soft"> seed {run?.record.config.seed}</span>}
                  </th>
                  {!perRun && averaged && <td>{row.runs.length}</td>}
                  <td>{stepsText(row.steps)}</td>
                  {MEASURES.map((measure) => (
                    <ResultCell
                      key={measure.id}
                      result={row.results.get(measure.id)}
                      measure={measure}
                      of={row.runs.length}
                    />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {unexplored > 0 && (
        <p className="text-soft">
          Success, pass@3 and pass@5 of runs over a language model count walks that lead to what was not asked as
          failed; success is at most {figure(unexplored, 2)} larger.
        </p>
      )}
      {undefinedMeasures.map(({ id, short, undefinedBecause }) => (
        <p key={id} className="text-soft">
          {short} is undefined where {undefinedBecause}.
        </p>
      ))}
    </section>
  );
}

interface ResultCellProps {
  readonly result: Result | undefined;
  readonly measure: Measure;
  /** How many runs the row stands for. */
  readonly of: number;
}

function ResultCell({ result, measure, of }: ResultCellProps): ReactNode {
  if (result === undefined || result.mean === null) {
    return (
      <td className="text-soft" title={measure.undefinedBecause}>
        undefined
      </td>
    );
  }
  const { mean, halfWidth, n } = result;
  return (
    <td>
      {figure(mean)}
      {n === 1 && of > 1 && ' (1)'}
      {n > 1 && (
        <span className="block text-[0.9em] text-soft">
          ± {figure(halfWidth, 2)}
          {n !== of && ` (${n})`}
        </span>
      )}
    </td>
  );
}

function stepsText(steps: readonly number[]): string {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  if (first === undefined || last === undefined) return '–';
  return first === last ? first.toLocaleString('en') : `${first.toLocaleString('en')}–${last.toLocaleString('en')}`;
}
