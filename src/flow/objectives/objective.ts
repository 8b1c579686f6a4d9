/**
 * What an objective is: a loss of one walk, with the gradient of the batch's mean loss in front of each step's log P_F
 * and log P_B, of log F and of the policy's entropy in the state the step starts in, and of log Z. The network does not
 * know which objective it is trained by.
 *
 * An objective is a folder: its WGSL holds `fn objective(w: Walk) -> Loss` over what walk.wgsl offers, its TypeScript
 * the twin of that function and what the objective needs. `docs/adding-an-objective.md` walks through one.
 */
import type { Floats, Kernel } from '../../gpu/kernel.ts';
import { defineKernel } from '../../gpu/kernel.ts';
import type { FlowForm } from '../../supervisor/parameters.ts';
import { COUNT } from '../../supervisor/plan.ts';
import { GROUP, GROUP_STRIDE } from '../kernels/groupSums.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE } from '../kernels/spreadCoefficients.ts';
import { LOSS, LOSS_STRIDE } from '../kernels/taskSums.ts';
import { STEP, STEP_STRIDE, SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';
import prelude from './walk.wgsl?raw';

/** `steps` `[walks, maxSteps, 7]`, `sums` `[walks, 8]`, `group` `[batch, 4]`, `logZ` `[batch]`, `coefficients` `[walks, maxSteps, 4]`, `losses` `[walks, 3]`. */
export const OBJECTIVE_BINDINGS = {
  plan: 'read u32',
  steps: 'read f32',
  sums: 'read f32',
  group: 'read f32',
  logZ: 'read f32',
  coefficients: 'write f32',
  losses: 'write f32',
} as const;

/** The settings of all objectives; each reads its own. */
export const OBJECTIVE_PARAMS = {
  walksPerTask: 'u32',
  maxSteps: 'u32',
  huber: 'f32',
  lambda: 'f32',
  ratioClip: 'f32',
  entropyBonus: 'f32',
  klWeight: 'f32',
  flowBeta: 'f32',
} as const;

export type ObjectiveSettings = { readonly [K in keyof typeof OBJECTIVE_PARAMS]: number };

/** One walk, as the twin of an objective sees it. */
export interface Walk {
  readonly length: number;
  readonly settings: ObjectiveSettings;
  /** The log Z of the head, and the one that would balance the walk alone. */
  readonly logZ: number;
  readonly ownLogZ: number;
  /** What the task's walks have in common: see GROUP. */
  readonly groupLogZ: number;
  readonly meanReward: number;
  /** `(R - mean) / standard deviation` over the task's walks; 0 where all rewards are equal. */
  readonly groupAdvantage: number;
  sum(field: keyof typeof SUMS): number;
  step(t: number, field: keyof typeof STEP): number;
  /** Adds to the gradient of the walk's own loss in front of a value of step `t`. */
  add(t: number, column: keyof typeof COEFFICIENT, value: number): void;
}

/** The walk's loss, its derivative by log Z, and the log Z it took. */
export interface WalkLoss {
  readonly loss: number;
  readonly dLogZ: number;
  readonly logZ: number;
}

/** What an objective optimises: balance of flow, expected reward, or likelihood of demonstrations. */
export type Family = 'balance' | 'reward' | 'imitation';

/** What a config need not say. The rates are relative to the policy's. */
export interface ObjectiveDefaults {
  readonly lr: number;
  readonly zRatio: number;
  readonly flowRatio: number;
  readonly epsilon: number;
  readonly lambda: number;
  readonly updatesPerBatch: number;
  readonly entropyBonus: number;
  /** How log F is had where it is balanced. */
  readonly logF: FlowForm;
}

export interface Objective {
  readonly name: string;
  /** One line for people, and the paper. */
  readonly about: string;
  readonly source: string;
  readonly family: Family;
  /** The least number of trajectories a task needs for the objective to say anything. */
  readonly leastWalksPerTask: number;
  /** What plays the part of log Z: the head, the batch's own estimate, or log F of the first state. */
  readonly logZ: 'head' | 'batch' | 'flow';
  /** Whether it reads and trains the flow head (a value head, for `ppo`). */
  readonly flow: boolean;
  /** What a learned backward policy is normalised over: the edges that enter a state, or every action of the state before. */
  readonly backwardOver: 'entering' | 'actions';
  readonly defaults: ObjectiveDefaults;
  readonly kernel: Kernel<typeof OBJECTIVE_BINDINGS, typeof OBJECTIVE_PARAMS>;
}

const DEFAULTS: ObjectiveDefaults = {
  lr: 0.002,
  zRatio: 10,
  flowRatio: 1,
  epsilon: 0.1,
  lambda: 0.9,
  updatesPerBatch: 1,
  entropyBonus: 0,
  logF: 'head',
};

/** Describes an objective; what is not said is as for `tb`. */
export function defineObjective({
  kernelName,
  wgsl,
  walk,
  defaults = {},
  ...about
}: Pick<Objective, 'name' | 'about' | 'source'> &
  Partial<Pick<Objective, 'family' | 'leastWalksPerTask' | 'logZ' | 'flow' | 'backwardOver'>> & {
    /** the name of the `.wgsl` file */
    readonly kernelName: string;
    readonly wgsl: string;
    /** the twin of `fn objective` */
    readonly walk: (walk: Walk) => WalkLoss;
    readonly defaults?: Partial<ObjectiveDefaults>;
  }): Objective {
  return {
    family: 'balance',
    leastWalksPerTask: 1,
    logZ: 'head',
    flow: false,
    backwardOver: 'entering',
    ...about,
    defaults: { ...DEFAULTS, ...defaults },
    kernel: objectiveKernel(kernelName, about.about, wgsl, walk),
  };
}

/** The kernel of an objective, from its own function and the frame that all share. */
export function objectiveKernel(
  name: string,
  about: string,
  wgsl: string,
  objective: (walk: Walk) => WalkLoss,
): Objective['kernel'] {
  return defineKernel({
    name,
    about,
    wgsl: `${prelude}\n${wgsl}`,
    bindings: OBJECTIVE_BINDINGS,
    params: OBJECTIVE_PARAMS,
    twin(buffers, settings) {
      const { plan, sums, coefficients, losses } = buffers;
      const share = 1 / plan[COUNT.walks];
      for (let w = 0; w < plan[COUNT.walks]; w++) {
        const first = w * settings.maxSteps * COEFFICIENT_STRIDE;
        coefficients.fill(0, first, first + sums[w * SUMS_STRIDE + SUMS.length] * COEFFICIENT_STRIDE);
        const { loss, dLogZ, logZ } = objective(walkOf(buffers, settings, w, share));
        losses[w * LOSS_STRIDE + LOSS.loss] = loss;
        losses[w * LOSS_STRIDE + LOSS.dLogZ] = dLogZ * share;
        losses[w * LOSS_STRIDE + LOSS.logZ] = logZ;
      }
    },
  });
}

interface WalkBuffers {
  readonly steps: Floats;
  readonly sums: Floats;
  readonly group: Floats;
  readonly logZ: Floats;
  readonly coefficients: Floats;
}

function walkOf(buffers: WalkBuffers, settings: ObjectiveSettings, w: number, share: number): Walk {
  const { steps, sums, group, logZ, coefficients } = buffers;
  const task = Math.floor(w / settings.walksPerTask);
  const sum = (field: keyof typeof SUMS) => sums[w * SUMS_STRIDE + SUMS[field]];
  const ofGroup = (field: keyof typeof GROUP) => group[task * GROUP_STRIDE + GROUP[field]];
  const deviation = ofGroup('stdReward');
  return {
    length: sum('length'),
    settings,
    logZ: logZ[task],
    ownLogZ: sum('logTarget') + sum('logPB') - sum('logPF'),
    groupLogZ: ofGroup('logZ'),
    meanReward: ofGroup('meanReward'),
    groupAdvantage: deviation === 0 ? 0 : (sum('reward') - ofGroup('meanReward')) / deviation,
    sum,
    step: (t, field) => steps[(w * settings.maxSteps + t) * STEP_STRIDE + STEP[field]],
    add(t, column, value) {
      coefficients[(w * settings.maxSteps + t) * COEFFICIENT_STRIDE + COEFFICIENT[column]] += value * share;
    },
  };
}

/** `r^2`, beyond `bound` continued along its tangent, so that no gradient is ever zeroed; and its slope. */
export function huber(r: number, bound: number): { readonly value: number; readonly slope: number } {
  const inside = Math.min(Math.max(r, -bound), bound);
  return { value: inside * (2 * r - inside), slope: 2 * inside };
}

/**
 * The loss `(scale Delta)^2`, linear beyond `|Delta / T| = huber`, with one slope in front of every step:
 * `Delta = log Z + sum log P_F - beta log R~ - sum log P_B`.
 */
export function trajectoryBalance(walk: Walk, logZ: number, scale: number): WalkLoss {
  const { value, slope } = huber((logZ - walk.ownLogZ) * scale, walk.settings.huber * walk.length * scale);
  for (let t = 0; t < walk.length; t++) {
    walk.add(t, 'policy', slope * scale);
    walk.add(t, 'backward', -slope * scale);
  }
  return { loss: value, dLogZ: slope * scale, logZ };
}

/** Of a ratio of policies: far beyond any clip, and far below where exp overflows in float32. */
export const MOST_LOG_RATIO = 20;

/** `-min(ratio A, clip(ratio) A)` of step `t` and its slope in front of log P_F (PPO, 1707.06347, equation 7). */
export function clippedSurrogate(
  walk: Walk,
  t: number,
  advantage: number,
): { readonly value: number; readonly slope: number } {
  const { ratioClip } = walk.settings;
  const ratio = Math.exp(Math.min(walk.step(t, 'logPF') - walk.step(t, 'behaviour'), MOST_LOG_RATIO));
  const plain = ratio * advantage;
  const bounded = Math.min(Math.max(ratio, 1 - ratioClip), 1 + ratioClip) * advantage;
  return { value: -Math.min(plain, bounded), slope: plain <= bounded ? -plain : 0 };
}
