/**
 * What the trajectory-balance objectives share: one residual Delta per walk, and the coefficients
 * that carry its gradient to every log P_F, log P_B and log Z along it.
 */
import type { Floats } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE } from '../kernels/spreadCoefficients.ts';
import { SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';

/** `sums` `[walks, 8]`, `coefficients` `[walks, 4]`, `logZ` and `dLogZ` `[batch]`. */
export const BALANCE_BINDINGS = {
  plan: 'read u32',
  sums: 'read f32',
  logZ: 'write f32',
  coefficients: 'write f32',
  dLogZ: 'write f32',
} as const;

export const BALANCE_PARAMS = { walksPerTask: 'u32', huber: 'f32' } as const;

interface BalanceBuffers {
  readonly plan: Uint32Array;
  readonly sums: Floats;
  readonly logZ: Floats;
  readonly coefficients: Floats;
  readonly dLogZ: Floats;
}

/**
 * The CPU twin of every such objective.
 * @param options.scale what Delta is multiplied by before it is squared, from the walk's length
 * @param options.ownLogZ log Z is the task's own mean (VarGrad) instead of the head's value
 */
export function balanceTwin(
  { plan, sums, logZ, coefficients, dLogZ }: BalanceBuffers,
  p: { readonly walksPerTask: number; readonly huber: number },
  options: { readonly scale: (length: number) => number; readonly ownLogZ: boolean },
): void {
  const walks = plan[COUNT.walks];
  /** The log Z that would balance the walk alone. */
  const ownLogZ = (w: number): number => {
    const at = w * SUMS_STRIDE;
    return sums[at + SUMS.logTarget] + sums[at + SUMS.logPB] - sums[at + SUMS.logPF];
  };
  for (let b = 0; b < plan[COUNT.batch]; b++) {
    const first = b * p.walksPerTask;
    const end = first + p.walksPerTask;
    let estimate = logZ[b];
    if (options.ownLogZ) {
      estimate = 0;
      for (let w = first; w < end; w++) estimate += ownLogZ(w);
      estimate /= p.walksPerTask;
      logZ[b] = estimate;
    }
    let total = 0;
    for (let w = first; w < end; w++) {
      const length = sums[w * SUMS_STRIDE + SUMS.length];
      const delta = estimate - ownLogZ(w);
      const scale = options.scale(length);
      const r = delta * scale;
      const bound = p.huber * length * scale;
      const clipped = Math.min(Math.max(r, -bound), bound);
      const g = (2 * clipped * scale) / walks;
      const out = w * COEFFICIENT_STRIDE;
      coefficients[out + COEFFICIENT.policy] = g;
      coefficients[out + COEFFICIENT.backward] = -g;
      coefficients[out + COEFFICIENT.loss] = clipped * (2 * r - clipped);
      coefficients[out + COEFFICIENT.residual] = delta / length;
      total += g;
    }
    dLogZ[b] = options.ownLogZ ? 0 : total;
  }
}
