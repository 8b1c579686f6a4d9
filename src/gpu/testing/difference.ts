/** Distances between what a kernel computed and what its twin did. */

/** Below this a norm counts as zero: the smallest normal float32. */
const TINY = 2 ** -126;

/**
 * `||a - b|| / ||b||` over whole tensors (Euclidean). Elements that are equal, infinities included,
 * differ by nothing; a NaN on one side makes the result NaN.
 */
export function normRelative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} elements cannot be compared with ${b.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) {
      if (Number.isFinite(b[i])) norm += b[i] ** 2;
      continue;
    }
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), TINY);
}

/** Where two tensors of integers first differ, in words. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): string | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return `element ${i} is ${a[i]}, and ${b[i]} in the twin`;
  }
  return undefined;
}
