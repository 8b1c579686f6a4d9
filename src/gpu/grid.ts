/** How invocations are laid out in workgroups, and workgroups in a grid of two dimensions. */

/** Workgroups in one dimension of a dispatch on any device. */
export const MAX_PER_DIMENSION = 65_535;

/**
 * The workgroups `[x, y]` of a dispatch: as few as cover `invocations`, folded into rows where one
 * dimension does not hold them. `[0, 0]` where there is nothing to do.
 */
export function grid(invocations: number, workgroup: number): readonly [x: number, y: number] {
  const workgroups = Math.ceil(invocations / workgroup);
  const rows = Math.ceil(workgroups / MAX_PER_DIMENSION);
  return [Math.ceil(workgroups / Math.max(rows, 1)), rows];
}
