/** Which step decided a trajectory: the largest centred credit by size, exact and learned. */
import type { CreditedTrajectory } from '../../session/protocol.ts';

const TIE = 1e-9;

export interface Decisive {
  /** Steps (from 0) whose exact centred credit is largest by size; several if they tie, none if all are 0. */
  readonly exact: readonly number[];
  readonly learned: readonly number[];
  /** Whether the learned credit points at a step that is exactly decisive. */
  readonly agree: boolean;
}

export function decisiveSteps(trajectory: CreditedTrajectory): Decisive {
  const exact = largest(trajectory.steps.map((step) => Math.abs(step.exactCentred)));
  const learned = largest(trajectory.steps.map((step) => Math.abs(step.centred)));
  return { exact, learned, agree: learned.some((step) => exact.includes(step)) };
}

function largest(sizes: readonly number[]): number[] {
  const most = Math.max(...sizes, 0);
  if (most < TIE) return [];
  return sizes.flatMap((size, i) => (size >= most - TIE ? [i] : []));
}
