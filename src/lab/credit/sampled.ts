/** Sampled trajectories with repeats joined: what the list offers to choose from. */
import type { CreditedTrajectory } from '../../session/protocol.ts';

export interface SampledTrajectory {
  readonly key: string;
  readonly trajectory: CreditedTrajectory;
  /** How often it was sampled. */
  readonly times: number;
}

/** Joined by their edges; the most frequent first, then in the order of sampling. */
export function joinRepeats(trajectories: readonly CreditedTrajectory[]): SampledTrajectory[] {
  const times = new Map<string, { key: string; trajectory: CreditedTrajectory; times: number }>();
  for (const trajectory of trajectories) {
    const key = trajectory.steps.map((step) => step.edge).join(' ');
    const known = times.get(key);
    if (known === undefined) times.set(key, { key, trajectory, times: 1 });
    else known.times++;
  }
  return [...times.values()].sort((a, b) => b.times - a.times);
}
