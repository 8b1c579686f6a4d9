/** Scales and ticks of a curve. Pure geometry. */
import type { Curve, Line, Point } from './series.ts';

/** The plot inside the picture, in its units. */
export const PLOT = { width: 288, height: 104, left: 34, right: 284, top: 6, bottom: 88 } as const;

export interface Axes {
  x(step: number): number;
  y(value: number): number;
  /** The step at a horizontal position. */
  stepAt(x: number): number;
  readonly ticks: readonly number[];
}

/** Axes that hold all lines of a curve over `steps` steps. */
export function axesOf(
  { lines, from, to, scale }: Pick<Curve, 'lines' | 'from' | 'to' | 'scale'>,
  steps: number,
): Axes {
  const values = lines.flatMap((line) => [
    ...line.points.map((point) => point[1]),
    ...(line.spread ?? []).flatMap(({ low, high }) => [low, high]),
  ]);
  const most = Math.max(1, steps);
  const x = (step: number): number => PLOT.left + ((PLOT.right - PLOT.left) * step) / most;
  const stepAt = (at: number): number => {
    const share = (at - PLOT.left) / (PLOT.right - PLOT.left);
    return Math.round(Math.min(1, Math.max(0, share)) * most);
  };
  if (scale === 'log') {
    const low = Math.floor(Math.log10(minimum(values, 0.1)));
    const high = Math.max(low + 1, Math.ceil(Math.log10(maximum(values, 1))));
    const every = Math.ceil((high - low) / 3);
    const ticks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => 10 ** (low + i * every));
    return { x, stepAt, ticks, y: (value) => height((Math.log10(value) - low) / (high - low)) };
  }
  const low = from ?? minimum(values, 0);
  const reach = maximum(values, 1) - low;
  // Of what is nothing all along, the height says nothing: it must be a number that can be read.
  const high = to ?? rounded(low + (reach > 0 ? Math.max(reach, 1e-9) : 1));
  return { x, stepAt, ticks: [low, (low + high) / 2, high], y: (value) => height((value - low) / (high - low)) };
}

function height(share: number): number {
  return PLOT.bottom - (PLOT.bottom - PLOT.top) * Math.min(1, Math.max(0, share));
}

function minimum(values: readonly number[], none: number): number {
  return values.length === 0 ? none : values.reduce((least, value) => Math.min(least, value), Infinity);
}

function maximum(values: readonly number[], none: number): number {
  return values.length === 0 ? none : values.reduce((most, value) => Math.max(most, value), -Infinity);
}

/** The next of 1, 1.2, 1.6, 2, 3, 4, 5, 6, 8 times a power of ten: halves of these are short numbers. */
function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9));
  return Number(((step ?? 10) * power).toPrecision(3));
}

/** The `d` of an SVG path through points. */
export function pathOf(points: readonly Point[], { x, y }: Axes): string {
  return points
    .map(([step, value], i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)},${y(value).toFixed(1)}`)
    .join('');
}

/** The `d` of the area between the ends of a line's intervals; empty where it has none. */
export function bandOf({ points, spread = [] }: Pick<Line, 'points' | 'spread'>, axes: Axes): string {
  if (!spread.some(({ low, high }) => high > low)) return '';
  const upper = spread.map(({ high }, i) => [points[i][0], high] as const);
  const lower = spread.map(({ low }, i) => [points[i][0], low] as const).reverse();
  return `${pathOf(upper, axes)}${pathOf(lower, axes).replace('M', 'L')}Z`;
}
