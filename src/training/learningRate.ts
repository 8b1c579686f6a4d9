/** Learning-rate schedules, as a factor of the rate. */
import type { RunConfig } from './config.ts';

/** @param progress steps done over steps in all, 0 to 1 */
export function learningRateFactor(schedule: RunConfig['optimiser']['schedule'], progress: number): number {
  if (schedule === 'linear') return 1 - progress;
  if (schedule === 'cosine') return 0.5 * (1 + Math.cos(Math.PI * progress));
  return 1;
}
