/** Ribbons of constant thickness along smooth curves, as SVG path data. Pure geometry. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Ribbon {
  /** Closed area of the ribbon. */
  readonly area: string;
  /** Its two long sides, open; of a ribbon without thickness, one. */
  readonly sides: string;
  /** Points of the centre line, evenly spaced in the curve's parameter: places for signs and notes. */
  readonly centre: readonly Point[];
}

const SAMPLES_PER_SPAN = 12;

/**
 * A ribbon `width` thick along the curve through `points` whose tangents are horizontal at every
 * point. Thickness is measured across the curve, so a steep ribbon looks as wide as a flat one.
 */
export function ribbon(points: readonly Point[], width: number): Ribbon {
  const centre: Point[] = [points[0]];
  const normals: Point[] = [{ x: 0, y: 1 }];
  for (let i = 1; i < points.length; i++) {
    for (let k = 1; k <= SAMPLES_PER_SPAN; k++) {
      const { at, slope } = span(points[i - 1], points[i], k / SAMPLES_PER_SPAN);
      const length = Math.hypot(slope.x, slope.y);
      centre.push(at);
      normals.push({ x: -slope.y / length, y: slope.x / length });
    }
  }
  const side = (sign: number): string[] =>
    centre.map((p, i) => pair(p.x + (sign * normals[i].x * width) / 2, p.y + (sign * normals[i].y * width) / 2));
  const upper = side(-1);
  const lower = side(1);
  return {
    area: `M${upper.join('L')}L${[...lower].reverse().join('L')}Z`,
    sides: width > 0 ? `M${upper.join('L')}M${lower.join('L')}` : `M${upper.join('L')}`,
    centre,
  };
}

/** Cubic Bezier with horizontal tangents from `a` to `b`, and its derivative, at `t`. */
function span(a: Point, b: Point, t: number): { at: Point; slope: Point } {
  const mid = (a.x + b.x) / 2;
  const u = 1 - t;
  const x = u * u * u * a.x + 3 * u * u * t * mid + 3 * u * t * t * mid + t * t * t * b.x;
  const y = a.y + (b.y - a.y) * (3 * t * t - 2 * t * t * t);
  const slopeX = 3 * u * u * (mid - a.x) + 3 * t * t * (b.x - mid);
  const slopeY = (b.y - a.y) * 6 * t * u;
  return { at: { x, y }, slope: { x: Math.max(slopeX, 1e-6), y: slopeY } };
}

function pair(x: number, y: number): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
