/** A walk over the picture: its edges outlined and numbered by its steps, in bold what a skill's plan covers. */
import type { Drawing } from './drawing.ts';
import type { Placement } from './flowGeometry.ts';
import { isCovered, type MarkedWalk } from './markedWalk.ts';
import { ribbon } from './ribbon.ts';

/** A ribbon too thin to be seen gets an outline this far apart, and any other one a little wider than itself. */
const LEAST = 5;
const AROUND = 3;
/**
 * Where along an edge its number stands: so far from its sign, in the middle, that "+" and "3" are not read as "+3", and
 * towards the end that lies lower, since names stand above their nodes.
 */
const NUMBER = { falling: 0.25, other: 0.75 };

interface WalkOutlineProps {
  readonly walk: MarkedWalk;
  readonly drawing: Drawing;
  readonly placement: Placement;
}

export function WalkOutline({ walk, drawing, placement }: WalkOutlineProps) {
  return (
    <g className="flow-walk">
      {walk.edges.map((edge, step) => {
        const at = drawing.edges.findIndex((drawn) => drawn.edge === edge);
        if (at < 0) return null;
        const { points, learnedWidth, exactWidth } = placement.edges[at];
        const { sides, centre } = ribbon(points, Math.max(learnedWidth, exactWidth, LEAST) + AROUND);
        const last = centre.length - 1;
        const number = NUMBER[centre[0].y < centre[last].y ? 'falling' : 'other'];
        const place = centre[Math.round(last * number)];
        return (
          <g key={edge} data-covered={isCovered(walk, step)}>
            <path d={sides} />
            <text {...place}>{step + 1}</text>
          </g>
        );
      })}
    </g>
  );
}
