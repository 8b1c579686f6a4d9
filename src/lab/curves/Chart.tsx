/** One curve: its lines, the value at the step that is read, a caption, and the table behind it. */
import { memo, type PointerEvent, type ReactNode, useMemo } from 'react';
import { figure } from '../format.ts';
import { type Axes, axesOf, PLOT } from './axes.ts';
import { ChartTable } from './ChartTable.tsx';
import { Legend } from './Legend.tsx';
import { Plotted } from './Plotted.tsx';
import { type Curve, type Line, thinned } from './series.ts';

/** More points than a picture of this width can show. */
const MOST_POINTS = 250;

interface ChartProps {
  readonly curve: Curve;
  /** Steps on the horizontal axis. */
  readonly total: number;
  /** The step that is read; null for the last. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
  /** The label of a line that stands out. */
  readonly lit?: string | null;
}

export function Chart({ curve, total, step, onStep, lit = null }: ChartProps): ReactNode {
  const lines = useMemo(
    () =>
      curve.lines.map((line) =>
        line.spread === undefined ? { ...line, points: thinned(line.points, MOST_POINTS) } : line,
      ),
    [curve],
  );
  const axes = useMemo(() => axesOf({ ...curve, lines }, total), [curve, lines, total]);
  const empty = lines.every((line) => line.points.length === 0);

  function follow(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    onStep(axes.stepAt(((event.clientX - box.left) / box.width) * PLOT.width));
  }

  return (
    <section className="border-line py-2 not-first:border-t" aria-labelledby={`curve-${curve.id}`}>
      <h3 id={`curve-${curve.id}`} className="heading">
        {curve.title}
      </h3>
      <p className="text-soft">{curve.caption}</p>
      {!empty && (
        <>
          <svg
            viewBox={`0 0 ${PLOT.width} ${PLOT.height}`}
            className="my-1 block w-full touch-pan-y"
            role="img"
            aria-label={`${curve.title}. ${curve.caption}`}
            onPointerMove={follow}
            onPointerLeave={() => onStep(null)}
          >
            <Grid axes={axes} total={total} />
            <Lines lines={lines} axes={axes} lit={lit} />
            {step !== null && (
              <line x1={axes.x(step)} x2={axes.x(step)} y1={PLOT.top} y2={PLOT.bottom} className="stroke-focus" />
            )}
          </svg>
          <Legend lines={curve.lines} step={step} />
          <ChartTable curve={curve} />
        </>
      )}
    </section>
  );
}

/** Not drawn again while a pointer moves over the plot. */
const Lines = memo(function Lines({
  lines,
  axes,
  lit,
}: {
  readonly lines: readonly Line[];
  readonly axes: Axes;
  readonly lit: string | null;
}): ReactNode {
  const ordered = [...lines.filter(isBehind), ...lines.filter((line) => !isBehind(line))];
  return ordered.map((line, i) => (
    <Plotted
      key={`${line.style} ${line.label}`}
      line={line}
      axes={axes}
      order={i}
      dimmed={lit !== null && line.style === 'compared' && line.label !== lit}
    />
  ));
});

function Grid({ axes, total }: { readonly axes: Axes; readonly total: number }): ReactNode {
  return (
    <g fontSize="9.5" className="fill-faint">
      {axes.ticks.map((tick) => (
        <g key={tick}>
          <line x1={PLOT.left} x2={PLOT.right} y1={axes.y(tick)} y2={axes.y(tick)} className="stroke-line" />
          <text x={PLOT.left - 5} y={axes.y(tick) + 3} textAnchor="end">
            {figure(tick)}
          </text>
        </g>
      ))}
      <text x={PLOT.left} y={PLOT.height - 3}>
        step 0
      </text>
      <text x={PLOT.right} y={PLOT.height - 3} textAnchor="end">
        {total.toLocaleString('en')}
      </text>
    </g>
  );
}

function isBehind(line: Line): boolean {
  return line.style === 'previous' || line.style === 'reference';
}
