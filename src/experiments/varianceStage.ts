/** The last stage of an experiment that asks for it: how noisy each arm's gradient is at the same parameters. */
import type { Backend } from '../gpu/backend.ts';
import { gradientVariance } from '../training/gradientVariance.ts';
import { createTrainer } from '../training/trainer.ts';
import type { Variance } from './results.ts';
import type { Experiment, PlannedRun } from './spec.ts';
import { mainRuns } from './spec.ts';

export interface VarianceParts {
  /** A new one for every trainer. */
  readonly backend: () => Backend;
  readonly signal: AbortSignal;
  /** rows of the table made so far */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Gradient variances at the parameters that the baseline arm has after each of the steps asked for: a row per suite, seed,
 * step, arm and number of walks.
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
  const baselines = runs.filter((run) => run.arm === (baseline ?? experiment.arms[0].name));
  const of = baselines.reduce(
    (sum, base) => sum + stepsOf(variance, base).length * experiment.arms.length * variance.walks.length,
    0,
  );
  const rows: Variance[] = [];
  onProgress(0, of);
  for (const base of baselines) {
    const { suite, seed } = base;
    const trainer = await createTrainer(base.config, backend(), hooks);
    let trained = 0;
    for (const step of stepsOf(variance, base)) {
      await trainer.train(step - trained);
      trained = step;
      const snapshot = await trainer.save();
      for (const { name: arm } of experiment.arms) {
        const own = runs.find((run) => run.suite === suite && run.arm === arm && run.seed === seed);
        if (own === undefined) continue;
        for (const walks of variance.walks) {
          const config = { ...own.config, rollout: { ...own.config.rollout, trajectoriesPerTask: walks } };
          const ratio = await gradientVariance(config, backend(), snapshot, variance.batches, hooks);
          rows.push({ objective: arm, suite, walks, step, seed, ratio });
          onProgress(rows.length, of);
        }
      }
    }
  }
  return rows;
}

/** In the order of training, none beyond its end. */
function stepsOf({ steps }: NonNullable<Experiment['variance']>, { config }: PlannedRun): readonly number[] {
  const asked = (steps ?? [config.steps]).map((step) => Math.min(step, config.steps));
  return [...new Set(asked)].sort((a, b) => a - b);
}
