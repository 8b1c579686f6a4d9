/** Batches of walks as objectives see them, written out by hand. Only test files import this. */
import type { Floats } from '../../gpu/kernel.ts';
import { COUNT, HEADER } from '../../supervisor/plan.ts';
import { GROUP_STRIDE, groupSums } from '../kernels/groupSums.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE } from '../kernels/spreadCoefficients.ts';
import { LOSS, LOSS_STRIDE, taskSums } from '../kernels/taskSums.ts';
import { STEP, STEP_STRIDE, SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';
import type { Objective, ObjectiveSettings } from './objective.ts';

export type StepValues = Partial<Record<keyof typeof STEP, number>> & { readonly logPF: number };

export interface WalkValues {
  readonly steps: readonly StepValues[];
  readonly logTarget?: number;
  readonly reward?: number;
  readonly solved?: boolean;
}

export interface Batch {
  readonly logZ: readonly number[];
  readonly walksPerTask: number;
  readonly walks: readonly WalkValues[];
  readonly settings?: Partial<ObjectiveSettings>;
}

/** What the kernel of an objective is bound to. A step's `behaviour` is its log P_F unless it says otherwise. */
export function buffersOf(batch: Batch, Numbers: typeof Float32Array | typeof Float64Array = Float64Array) {
  const walks = batch.walks.length;
  const maxSteps = Math.max(1, ...batch.walks.map(({ steps }) => steps.length));
  const plan = new Uint32Array(HEADER);
  plan[COUNT.batch] = batch.logZ.length;
  plan[COUNT.walks] = walks;
  const steps: Floats = new Numbers(walks * maxSteps * STEP_STRIDE);
  const sums: Floats = new Numbers(walks * SUMS_STRIDE);
  for (const [w, walk] of batch.walks.entries()) {
    const put = (field: keyof typeof SUMS, value: number) => {
      sums[w * SUMS_STRIDE + SUMS[field]] = value;
    };
    const filled = walk.steps.map((step) => ({ behaviour: step.logPF, firstLogF: step.logF ?? 0, ...step }));
    for (const [t, step] of filled.entries()) {
      for (const [field, index] of Object.entries(STEP)) {
        steps[(w * maxSteps + t) * STEP_STRIDE + index] = step[field as keyof typeof STEP] ?? 0;
      }
    }
    const sum = (field: keyof typeof STEP) => filled.reduce((total, step) => total + (step[field] ?? 0), 0);
    put('logPF', sum('logPF'));
    put('logPB', sum('logPB'));
    put('behaviour', sum('behaviour'));
    put('logTarget', walk.logTarget ?? 0);
    put('length', walk.steps.length);
    put('reward', walk.reward ?? 0);
    put('solved', walk.solved ? 1 : 0);
  }
  const group: Floats = new Numbers(batch.logZ.length * GROUP_STRIDE);
  groupSums.twin({ plan, sums, group }, { walksPerTask: batch.walksPerTask });
  return {
    tensors: {
      plan,
      steps,
      sums,
      group,
      logZ: Numbers.from(batch.logZ),
      coefficients: new Numbers(walks * maxSteps * COEFFICIENT_STRIDE),
      losses: new Numbers(walks * LOSS_STRIDE),
    },
    params: {
      huber: 10,
      lambda: 0.9,
      ratioClip: 0.2,
      entropyBonus: 0,
      klWeight: 0,
      flowBeta: 15,
      ...batch.settings,
      walksPerTask: batch.walksPerTask,
      maxSteps,
    },
  };
}

/**
 * What an objective makes of a batch: the loss of each walk, the gradient of their mean in front of each step's values,
 * `[walks][steps]`, and in front of each task's log Z.
 */
export function evaluate(
  objective: Objective,
  batch: Batch,
  Numbers: typeof Float32Array | typeof Float64Array = Float64Array,
) {
  const { tensors, params } = buffersOf(batch, Numbers);
  objective.kernel.twin(tensors, params);
  const { plan, coefficients, losses } = tensors;
  const logZ: Floats = new Numbers(batch.logZ.length);
  const dLogZ: Floats = new Numbers(batch.logZ.length);
  taskSums.twin({ plan, losses, logZ, dLogZ }, params);
  const column = (name: keyof typeof COEFFICIENT) =>
    batch.walks.map(({ steps }, w) =>
      steps.map((_, t) => coefficients[(w * params.maxSteps + t) * COEFFICIENT_STRIDE + COEFFICIENT[name]]),
    );
  return {
    loss: batch.walks.map((_, w) => losses[w * LOSS_STRIDE + LOSS.loss]),
    policy: column('policy'),
    backward: column('backward'),
    flow: column('flow'),
    entropy: column('entropy'),
    logZ: [...logZ],
    dLogZ: [...dLogZ],
  };
}
