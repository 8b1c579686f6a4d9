/** Sampled trajectories with repeats joined, and before them one that a skill came from: what the list offers to choose from. */
import type { CreditedTrajectory } from '../../session/protocol.ts';

export interface SampledTrajectory {
  readonly key: string;
  readonly trajectory: CreditedTrajectory;
  /** How often it was sampled; 0 for one that was asked for. */
  readonly times: number;
  /** The skill that came from it; null for one that was sampled. */
  readonly skill: string | null;
}

/** A trajectory that was asked for because a skill came from it. */
export function askedFor(skill: string, trajectory: CreditedTrajectory): SampledTrajectory {
  return { key: 'asked for', trajectory, times: 0, skill };
}

/** Joined by their edges; the most frequent first, then in the order of sampling. */
export function joinRepeats(trajectories: readonly CreditedTrajectory[]): SampledTrajectory[] {
  const times = new Map<string, SampledTrajectory & { times: number }>();
  for (const trajectory of trajectories) {
    const key = trajectory.steps.map((step) => step.edge).join(' ');
    const known = times.get(key);
    if (known === undefined) times.set(key, { key, trajectory, times: 1, skill: null });
    else known.times++;
  }
  return [...times.values()].sort((a, b) => b.times - a.times);
}
