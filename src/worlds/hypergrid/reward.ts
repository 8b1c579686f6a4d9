/**
 * Where on a hypergrid the reward lies, decided with integers. In floating point `|x/(H-1) - 0.5|` misses the
 * borders 0.3 and 0.4, and the band is miscounted at heights 6, 11, 16 and 21.
 */

/** `ring`: every coordinate is outside the middle half. `band`: every coordinate is in the band within the ring. */
export type Tier = 'none' | 'ring' | 'band';

/** `0.25 < |x/(H-1) - 0.5|`, doubled and cleared of the fraction: `H-1 < 2 |2x - (H-1)|`. */
export function inRing(x: number, height: number): boolean {
  return height - 1 < 2 * Math.abs(2 * x - (height - 1));
}

/** `0.3 < |x/(H-1) - 0.5| < 0.4`, cleared of fractions: `3 (H-1) < 5 |2x - (H-1)| < 4 (H-1)`. */
export function inBand(x: number, height: number): boolean {
  const distance = 5 * Math.abs(2 * x - (height - 1));
  return 3 * (height - 1) < distance && distance < 4 * (height - 1);
}

/** The tier of a cell. The band lies within the ring, since 0.25 < 0.3. */
export function tierOf(x: readonly number[], height: number): Tier {
  if (x.every((value) => inBand(value, height))) return 'band';
  return x.every((value) => inRing(value, height)) ? 'ring' : 'none';
}

/** The highest reward that a cell of the grid has: low grids have no band, and the lowest nothing but ring. */
export function topReward(height: number, rewards: Readonly<Record<Tier, number>>): number {
  return Math.max(...Array.from({ length: height }, (_, x) => rewards[tierOf([x], height)]));
}
