/** The last stage of an experiment that asks for it: how noisy each arm's gradient is at the same parameters. */
import type { Backend } from '../gpu/backend.ts';
import { gradientVariance } from '../training/gradientVariance.ts';
import { createTrainer } from '../training/trainer.ts';
import type { Variance } from './results.ts';
import type { Experiment } from './spec.ts';
import { mainRuns } from './spec.ts';

export interface VarianceParts {
  /** A new one for every trainer. */
  readonly backend: () => Backend;
  readonly signal: AbortSignal;
  /** rows of the table made so far */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Gradient variances at the parameters that the baseline arm ends with, a row per suite, arm and number of walks.
 * @returns none where the experiment asks for none @throws BadConfig; the signal's reason
 */
export async function variancesOf(
  experiment: Experiment,
  { backend, signal, onProgress = () => {} }: VarianceParts,
): Promise<Variance[]> {
  const { variance, baseline } = experiment;
  if (variance === undefined) return [];
  const hooks = { onProgress: () => {}, signal };
  const runs = mainRuns(experiment, []);
  const of = experiment.suites.length * experiment.arms.length * variance.walks.length;
  const rows: Variance[] = [];
  onProgress(0, of);
  for (const { name: suite } of experiment.suites) {
    const ofSuite = runs.filter((run) => run.suite === suite);
    const base = ofSuite.find((run) => run.arm === (baseline ?? experiment.arms[0].name));
    if (base === undefined) continue;
    const trainer = await createTrainer(base.config, backend(), hooks);
    await trainer.train(base.config.steps);
    const snapshot = await trainer.save();
    for (const { name: arm } of experiment.arms) {
      const own = ofSuite.find((run) => run.arm === arm && run.seed === base.seed);
      if (own === undefined) continue;
      for (const walks of variance.walks) {
        const config = { ...own.config, rollout: { ...own.config.rollout, trajectoriesPerTask: walks } };
        const ratio = await gradientVariance(config, backend(), snapshot, variance.batches, hooks);
        rows.push({ objective: arm, suite, walks, step: base.config.steps, ratio });
        onProgress(rows.length, of);
      }
    }
  }
  return rows;
}
