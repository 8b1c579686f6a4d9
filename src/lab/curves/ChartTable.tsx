/** The table behind a curve, made when it is opened. */
import { type ReactNode, useState } from 'react';
import { figure } from '../format.ts';
import { type Curve, indexAtStep, type Line } from './series.ts';

/** More rows are not read; they are in the run's record. */
const MOST_ROWS = 100;

export function ChartTable({ curve }: { readonly curve: Curve }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)} className="mt-0.5 text-[0.92em]">
      <summary className="w-fit rounded text-soft">Table</summary>
      {open && <Table curve={curve} />}
    </details>
  );
}

function Table({ curve }: { readonly curve: Curve }): ReactNode {
  const all = [...new Set(curve.lines.flatMap((line) => line.points.map(([step]) => step)))].sort((a, b) => a - b);
  const every = Math.ceil(all.length / MOST_ROWS);
  // Counted from the end, so that the last step is always there.
  const steps = all.filter((_, index) => (all.length - 1 - index) % every === 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section tabIndex={0} aria-label={`Table of ${curve.title}`} className="max-h-52 overflow-y-auto">
      <table className="w-full text-right">
        <caption className="text-left text-soft">{every > 1 && `Every ${every}th of ${all.length} points.`}</caption>
        <thead className="sticky top-0 bg-panel">
          <tr>
            <th scope="col">step</th>
            {curve.lines.map((line) => (
              <th scope="col" key={`${line.style} ${line.label}`}>
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step}>
              <th scope="row" className="font-normal">
                {step}
              </th>
              {curve.lines.map((line) => {
                return <td key={`${line.style} ${line.label}`}>{cellText(line, step)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The value at a step; of a mean of several runs also the ends of its interval. */
function cellText({ points, spread }: Line, step: number): string {
  const at = indexAtStep(points, step);
  if (at < 0) return '–';
  const value = figure(points[at][1]);
  const around = spread?.[at];
  return around === undefined || around.n < 2
    ? value
    : `${value} [${figure(around.low, 2)}, ${figure(around.high, 2)}], n = ${around.n}`;
}
