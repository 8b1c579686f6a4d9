/** A line of a plot, with its markers and the band of its intervals. */
import type { ReactNode } from 'react';
import { type Axes, bandOf, PLOT, pathOf } from './axes.ts';
import { Marker } from './Marker.tsx';
import type { Line } from './series.ts';
import { strokeOf } from './stroke.ts';

/** Evaluations are few: each is a dot. */
const MOST_DOTS = 40;
/** Markers along a compared line. */
const MARKERS = 4;

interface PlottedProps {
  readonly line: Line;
  readonly axes: Axes;
  /** Position among the lines, so that markers of lines that lie together do not. */
  readonly order: number;
  readonly dimmed: boolean;
}

export function Plotted({ line, axes, order, dimmed }: PlottedProps): ReactNode {
  const { className, color, width, dashes } = strokeOf(line);
  const dotted = (line.style === 'learned' || line.style === 'also') && line.points.length <= MOST_DOTS;
  const band = bandOf(line, axes);
  const { mark, points } = line;
  const every = Math.max(1, Math.ceil(points.length / MARKERS));
  return (
    <g className={className} stroke={color} opacity={dimmed ? 0.15 : undefined}>
      {band !== '' && <path d={band} fill={color} fillOpacity="0.16" stroke="none" />}
      <path d={pathOf(points, axes)} fill="none" strokeWidth={width} strokeLinejoin="round" strokeDasharray={dashes} />
      {dotted &&
        points.map(([step, value]) => (
          <circle
            key={step}
            cx={axes.x(step)}
            cy={axes.y(value)}
            r={line.style === 'learned' ? 2 : 1.2}
            fill="var(--panel)"
          />
        ))}
      {mark !== undefined &&
        points
          .filter((_, i) => (points.length - 1 - i + order) % every === 0)
          .map(([step, value]) => <Marker key={step} mark={mark} x={axes.x(step)} y={axes.y(value)} />)}
      {line.inPlot !== undefined && points.length > 0 && (
        <text
          x={PLOT.left + (PLOT.right - PLOT.left) * line.inPlot.at}
          y={labelHeight(axes.y(points[points.length - 1][1]))}
          textAnchor="end"
          fontSize="8.5"
          stroke="var(--panel)"
          strokeWidth="3"
          paintOrder="stroke"
          className="fill-soft"
        >
          {line.inPlot.text}
        </text>
      )}
    </g>
  );
}

/** Above the line, but inside of the plot. */
function labelHeight(y: number): number {
  return y - 2.5 < PLOT.top + 6 ? y + 9 : y - 2.5;
}
