/** GATE: whether a change stays, by the rewards on validation tasks of two forks that differ in it alone. */
import type { EvolutionSettings } from './settings.ts';

type Gate = EvolutionSettings['gate'];

/** `[seeds][tasks]` exact mean reward of each validation task at the end of a trial. */
export type TrialRewards = readonly (readonly number[])[];

export interface GateResult {
  /** Mean reward without and with the change, and what it gained. */
  readonly before: number;
  readonly after: number;
  readonly gain: number;
  readonly standardError: number;
  /** Pairs of a task and a seed. */
  readonly pairs: number;
  /** What the gain is compared with: `max(gain, errors * standard error)`. */
  readonly threshold: number;
  readonly verdict: 'gains' | 'loses' | 'changes nothing';
}

/**
 * Pairs the rewards task by task and seed by seed. The standard error is that of the mean over tasks of each task's
 * mean difference: the seeds of one task are no independent tasks.
 * @throws RangeError where the two were not measured on the same tasks and seeds
 */
export function pairedGate(without: TrialRewards, withChange: TrialRewards, settings: Gate): GateResult {
  const seeds = without.length;
  const tasks = without[0]?.length ?? 0;
  const alike = withChange.length === seeds && [...without, ...withChange].every(({ length }) => length === tasks);
  if (seeds === 0 || tasks === 0 || !alike) throw new RangeError('A trial is compared on the same tasks and seeds.');
  const meanOf = (rewards: TrialRewards) => rewards.flat().reduce((sum, value) => sum + value, 0) / (seeds * tasks);
  const differences = Array.from({ length: tasks }, (_, task) => {
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) sum += withChange[seed][task] - without[seed][task];
    return sum / seeds;
  });
  const gain = differences.reduce((sum, value) => sum + value, 0) / tasks;
  const variance = tasks < 2 ? 0 : differences.reduce((sum, value) => sum + (value - gain) ** 2, 0) / (tasks - 1);
  const standardError = Math.sqrt(variance / tasks);
  const threshold = Math.max(settings.gain, settings.errors * standardError);
  return {
    before: meanOf(without),
    after: meanOf(withChange),
    gain,
    standardError,
    pairs: seeds * tasks,
    threshold,
    verdict: gain > threshold ? 'gains' : gain < -threshold ? 'loses' : 'changes nothing',
  };
}
