/** How noisy an objective's gradient is: `tr Cov / |mean|^2` over minibatches at the same parameters. */
import type { Backend } from '../gpu/backend.ts';
import type { Snapshot } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import { createTrainer, type TrainerHooks } from './trainer.ts';

/** The first number of the batches, apart from those of training and from that of the first log Z. */
const FIRST_BATCH = 0xf0000000;

/**
 * Variance of the policy's gradient over `batches` batches of the first step's tasks, at the parameters of a snapshot.
 * @param snapshot of a run of the same network; its other state is not used
 * @returns `tr Cov / |mean|^2`, null where the mean gradient is zero
 */
export async function gradientVariance(
  config: RunConfig,
  backend: Backend,
  snapshot: Snapshot,
  batches: number,
  hooks: TrainerHooks,
): Promise<number | null> {
  const trainer = await createTrainer(config, backend, hooks);
  const parameters = snapshot.tensors.parameters;
  if (!(parameters instanceof Float32Array)) throw new TypeError('The snapshot holds no parameters.');
  trainer.setParameters(parameters);
  const { groups } = trainer.supervisor.layout;
  const { first } = groups.policy;
  const length = groups.policy.length + groups.match.length;
  const sum = new Float64Array(length);
  let squares = 0;
  for (let m = 0; m < batches; m++) {
    hooks.signal.throwIfAborted();
    const gradients = await trainer.gradientsOf(FIRST_BATCH + m);
    for (let i = 0; i < length; i++) {
      sum[i] += gradients[first + i];
      squares += gradients[first + i] ** 2;
    }
  }
  let mean2 = 0;
  for (const total of sum) mean2 += (total / batches) ** 2;
  // Unbiased: the sum of squared deviations over one less than the batches.
  const trace = (squares - batches * mean2) / (batches - 1);
  return mean2 === 0 ? null : Math.max(0, trace) / mean2;
}
