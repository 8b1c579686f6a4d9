/** WHEN to evolve: fitting has stopped (plateau) and there is more to be had than the library allows (headroom). */
import type { EvolutionSettings } from './settings.ts';

type When = EvolutionSettings['when'];

export interface WhenEvidence {
  /** Mean loss of each window so far since the last change or phase, the newest last. */
  readonly losses: readonly number[];
  /** Relative falls of the last windows. */
  readonly falls: readonly number[];
  readonly plateau: boolean;
  /** Share of the training tasks that can be solved at all with the present library. */
  readonly attainable: number;
  readonly headroom: number;
}

/** `(D_{w-1} - D_w) / D_{w-1}` for each window after the first. */
export function relativeFalls(losses: readonly number[]): readonly number[] {
  return losses.slice(1).map((loss, i) => (losses[i] === 0 ? 0 : (losses[i] - loss) / losses[i]));
}

/** @param losses mean loss of each window since the last phase, in order */
export function whenEvidence(losses: readonly number[], attainable: number, settings: When): WhenEvidence {
  const falls = relativeFalls(losses).slice(-settings.windows);
  const flat = falls.length === settings.windows && falls.every((fall) => fall < settings.rho);
  const tiny = losses.length > 0 && losses[losses.length - 1] < settings.least;
  return { losses, falls, plateau: flat || tiny, attainable, headroom: 1 - attainable };
}

/** Whether a phase begins. @param step steps done, a multiple of the window */
export function isTime(evidence: WhenEvidence, step: number, settings: When, scheduled: boolean): boolean {
  if (scheduled) return step > 0 && step % settings.every === 0;
  return evidence.plateau && evidence.headroom > settings.headroom;
}
