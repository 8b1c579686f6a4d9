/** The marker of a compared line, in the line's colour. */
import type { ReactNode } from 'react';
import type { Mark } from './marks.ts';

const SHAPES: Readonly<Record<Mark['marker'], string>> = {
  circle: 'M2.3,0A2.3,2.3 0 1 1 -2.3,0A2.3,2.3 0 1 1 2.3,0Z',
  square: 'M-2,-2H2V2H-2Z',
  triangle: 'M0,-2.7L2.6,2H-2.6Z',
  diamond: 'M0,-3L3,0L0,3L-3,0Z',
  cross: 'M-2.2,-2.2L2.2,2.2M2.2,-2.2L-2.2,2.2',
};

export function Marker({ mark, x, y }: { readonly mark: Mark; readonly x: number; readonly y: number }): ReactNode {
  return (
    <path
      d={SHAPES[mark.marker]}
      transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      fill="var(--panel)"
      strokeWidth="1.2"
    />
  );
}
