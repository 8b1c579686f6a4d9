/** How a line is drawn. */
import type { Line } from './series.ts';

export interface Stroke {
  readonly className: string;
  readonly color?: string | undefined;
  readonly width: number;
  readonly dashes?: string | undefined;
}

const STROKES: Readonly<Record<Exclude<Line['style'], 'compared'>, Stroke>> = {
  learned: { className: 'stroke-flow', width: 1.8 },
  also: { className: 'stroke-soft', width: 1 },
  target: { className: 'stroke-exact', width: 1.2, dashes: '4 3' },
  previous: { className: 'stroke-faint opacity-80', width: 1.3, dashes: '2 2' },
  reference: { className: 'stroke-soft', width: 0.9, dashes: '1.5 2.5' },
};

export function strokeOf({ style, mark }: Pick<Line, 'style' | 'mark'>): Stroke {
  if (style !== 'compared') return STROKES[style];
  return {
    className: '',
    color: `var(--series-${mark?.hue ?? 0})`,
    width: 1.5,
    dashes: mark?.dashes === '' ? undefined : mark?.dashes,
  };
}
