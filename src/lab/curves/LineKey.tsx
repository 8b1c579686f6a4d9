/** A short piece of a line, as it is drawn in the plot. */
import type { ReactNode } from 'react';
import { Marker } from './Marker.tsx';
import type { Line } from './series.ts';
import { strokeOf } from './stroke.ts';

export function LineKey({ line }: { readonly line: Pick<Line, 'style' | 'mark'> }): ReactNode {
  const { className, color, width, dashes } = strokeOf(line);
  const length = line.style === 'compared' ? 24 : 16;
  return (
    <svg aria-hidden="true" width={length} height="8" className={`mr-1 inline shrink-0 ${className}`} stroke={color}>
      <line x1="0" x2={length} y1="4" y2="4" strokeWidth={width} strokeDasharray={dashes} />
      {line.mark !== undefined && <Marker mark={line.mark} x={length / 2} y={4} />}
    </svg>
  );
}
