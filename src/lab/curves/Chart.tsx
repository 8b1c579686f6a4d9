/** One curve: its lines, the value at the step that is read, a caption, and the table behind it. */
import { type PointerEvent, type ReactNode, useMemo } from 'react';
import { figure } from '../format.ts';
import { type Axes, axesOf, PLOT, pathOf } from './axes.ts';
import { ChartTable } from './ChartTable.tsx';
import { type Curve, type Line, thinned, valueAtStep } from './series.ts';

/** More points than a picture of this width can show. */
const MOST_POINTS = 250;

interface ChartProps {
  readonly curve: Curve;
  /** Steps on the horizontal axis. */
  readonly total: number;
  /** The step that is read; null for the last. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
}

export function Chart({ curve, total, step, onStep }: ChartProps): ReactNode {
  const lines = useMemo(
    () => curve.lines.map((line) => ({ ...line, points: thinned(line.points, MOST_POINTS) })),
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
            {[...lines.filter(isBehind), ...lines.filter((line) => !isBehind(line))].map((line) => (
              <Plotted key={`${line.style} ${line.label}`} line={line} axes={axes} />
            ))}
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
  return line.style === 'previous';
}

const STROKE: Readonly<
  Record<Line['style'], { readonly className: string; readonly width: number; readonly dashes?: string }>
> = {
  learned: { className: 'stroke-flow', width: 1.8 },
  also: { className: 'stroke-soft', width: 1 },
  target: { className: 'stroke-exact', width: 1.2, dashes: '4 3' },
  previous: { className: 'stroke-faint opacity-80', width: 1.3, dashes: '2 2' },
};

/** Evaluations are few: each is a dot. */
const MOST_DOTS = 40;

function Plotted({ line, axes }: { readonly line: Line; readonly axes: Axes }): ReactNode {
  const { className, width, dashes } = STROKE[line.style];
  const dotted = (line.style === 'learned' || line.style === 'also') && line.points.length <= MOST_DOTS;
  return (
    <g className={className}>
      <path
        d={pathOf(line.points, axes)}
        fill="none"
        strokeWidth={width}
        strokeLinejoin="round"
        strokeDasharray={dashes}
      />
      {dotted &&
        line.points.map(([step, value]) => (
          <circle
            key={step}
            cx={axes.x(step)}
            cy={axes.y(value)}
            r={line.style === 'learned' ? 2 : 1.2}
            fill="var(--panel)"
          />
        ))}
    </g>
  );
}

function Legend({ lines, step }: { readonly lines: readonly Line[]; readonly step: number | null }): ReactNode {
  return (
    <ul className="flex flex-wrap gap-x-3 text-[0.92em] text-soft">
      {lines.map((line) => {
        const { className, width, dashes } = STROKE[line.style];
        const value = step === null ? (line.points.at(-1)?.[1] ?? null) : valueAtStep(line.points, step);
        return (
          <li key={`${line.style} ${line.label}`} className="whitespace-nowrap">
            <svg aria-hidden="true" width="16" height="8" className={`mr-1 inline ${className}`}>
              <line x1="0" x2="16" y1="4" y2="4" strokeWidth={width} strokeDasharray={dashes} />
            </svg>
            {line.label} <span className="text-ink">{value === null ? '–' : figure(value)}</span>
          </li>
        );
      })}
    </ul>
  );
}
