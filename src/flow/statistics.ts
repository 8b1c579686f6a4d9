/** Ranks, correlation and least squares, in float64. What is 0/0 is null. */

/**
 * `[n]` ranks from 1; tied values share the mean of their ranks.
 * @param tolerance values that follow each other in order and differ by at most this are tied
 */
export function ranks(values: ArrayLike<number>, tolerance = 0): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(order.length);
  for (let first = 0, next = 0; first < order.length; first = next) {
    next = first + 1;
    while (next < order.length && values[order[next]] - values[order[next - 1]] <= tolerance) next++;
    for (let i = first; i < next; i++) out[order[i]] = (first + 1 + next) / 2;
  }
  return out;
}

interface Moments {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Sums of squares and products about the means. */
function centredMoments(x: ArrayLike<number>, y: ArrayLike<number>): Moments {
  const n = x.length;
  if (y.length !== n) throw new RangeError(`Two samples of one length are needed, not ${n} and ${y.length}.`);
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i] / n;
    meanY += y[i] / n;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - meanX) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
    yy += (y[i] - meanY) ** 2;
  }
  return { xx, xy, yy };
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Spearman's rho: the correlation of ranks, ties shared. Null if either sample is constant (up to `tolerance`). */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, tolerance = 0): number | null {
  const rankX = ranks(x, tolerance);
  const rankY = ranks(y, tolerance);
  if (isConstant(rankX) || isConstant(rankY)) return null;
  const { xx, xy, yy } = centredMoments(rankX, rankY);
  return xy / Math.sqrt(xx * yy);
}

/** Slope of the unweighted least-squares line of `y` on `x`. Null if `x` is constant. */
export function leastSquaresSlope(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  if (isConstant(x)) return null;
  const { xx, xy } = centredMoments(x, y);
  return xy / xx;
}
