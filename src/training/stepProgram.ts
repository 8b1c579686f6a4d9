/**
 * One training step as one program: sample, score, balance, differentiate, update. Recorded once
 * and replayed; what changes from step to step is data (the plan's header and the schedule).
 * Objectives that update several times per batch walk the same trajectories again in each update.
 */

import { firstLogZ } from '../flow/kernels/firstLogZ.ts';
import { METRICS_STRIDE, stepMetrics } from '../flow/kernels/stepMetrics.ts';
import { STEP_STRIDE } from '../flow/kernels/walkSums.ts';
import type { Objective } from '../flow/objectives/objective.ts';
import { recallWalks, TOURNAMENT } from '../flow/replay/recallWalks.ts';
import { rememberWalks } from '../flow/replay/rememberWalks.ts';
import type { RolloutParts } from '../flow/rollout/rollout.ts';
import { walkCommands } from '../flow/rollout/rollout.ts';
import type { BackwardKind, LossTensors } from '../flow/updateProgram.ts';
import {
  backwardGradientCommands,
  backwardPolicyCommands,
  lossTensors,
  policyGradientCommands,
  walkSumCommands,
} from '../flow/updateProgram.ts';
import type { Backend, Command, Tensor } from '../gpu/backend.ts';
import { dispatch } from '../gpu/backend.ts';
import { adamw } from '../gpu/kernels/adamw.ts';
import { approach } from '../gpu/kernels/approach.ts';
import { NORM_CHUNK, squaredNorm } from '../gpu/kernels/squaredNorm.ts';
import { sumRange } from '../gpu/kernels/sumRange.ts';
import type { Group } from '../supervisor/parameters.ts';
import { GROUPS } from '../supervisor/parameters.ts';
import type { Capacities, PlanOffsets } from '../supervisor/plan.ts';
import { NONE } from '../supervisor/plan.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { TaskStore } from '../supervisor/taskStore.ts';
import type { RunConfig } from './config.ts';
import { flowForm, objectives } from './objectives.ts';

/** What the host writes into `schedule` before every step; from `corrections` on two numbers per update. */
export const SCHEDULE = {
  lr: 0,
  lrBackward: 1,
  lrZ: 2,
  lrFlow: 3,
  epsilon: 4,
  temperature: 5,
  corrections: 6,
} as const;

export function scheduleLength(updates: number): number {
  return SCHEDULE.corrections + 2 * updates;
}

/** Steps whose metrics the ring holds; a drain must come before it is full. */
export const RING_CAPACITY = 256;

/** The rate of the match weights relative to the policy's. */
const MATCH_RATE = 10;
/** How far the copy of the backward policy that the objective sees moves to the trained one in an update, with `tlm`. */
const SLOW_RATE = 0.05;

/** The replay buffer, one row per task of the store. */
export interface ReplayTensors {
  readonly edges: Tensor<'u32'>;
  readonly rewards: Tensor<'f32'>;
  readonly counts: Tensor<'u32'>;
}

export interface StepTensors extends LossTensors {
  readonly schedule: Tensor<'f32'>;
  /** `[walks, maxSteps]` edges to take, NONE where the sampler chooses; all NONE between steps */
  readonly given: Tensor<'u32'>;
  readonly steps: Tensor<'f32'>;
  readonly norms: Tensor<'f32'>;
  readonly ring: Tensor<'f32'>;
  readonly first: Tensor<'f32'>;
  readonly second: Tensor<'f32'>;
  /** With `tlm`, the backward policy that likelihood trains; the parameters hold its slow copy. */
  readonly fast: Tensor<'f32'> | null;
  readonly replay: ReplayTensors | null;
}

export interface StepCommands {
  readonly tensors: StepTensors;
  /** Sample, forward, objective and gradients; no update. */
  readonly gradients: readonly Command[];
  /** Clipping, AdamW and the metrics row, then the further updates on the same batch. */
  readonly update: readonly Command[];
  /** Sample and forward, then the first value of log Z. Run once, before step 0. */
  readonly start: readonly Command[];
}

/** How the backward policy of a run is had. */
export function backwardKind(config: RunConfig, objective: Objective): BackwardKind {
  const { backward } = config.objective;
  if (backward === 'tlm') return 'likelihood';
  if (backward !== 'learned') return 'fixed';
  return objective.family === 'balance' ? 'objective' : 'fixed';
}

/** The groups of parameters that a run trains. */
export function trainedGroups(objective: Objective, backward: BackwardKind): readonly Group[] {
  const trained: Readonly<Record<Group, boolean>> = {
    policy: true,
    match: true,
    backward: backward !== 'fixed',
    logZ: objective.logZ === 'head',
    flow: objective.flow,
  };
  return GROUPS.filter((group) => trained[group]);
}

/** Allocates what a step needs beside the Supervisor, and lists its commands. */
export function stepCommands(
  backend: Backend,
  config: RunConfig,
  store: TaskStore,
  supervisor: Supervisor,
  caps: Capacities,
  offsets: PlanOffsets,
): StepCommands {
  const { layout, tensors: s } = supervisor;
  const { plan } = s;
  const o = { ...store.offsets, ...offsets };
  const objective = objectives[config.objective.kind];
  const backward = backwardKind(config, objective);
  const { trajectoriesPerTask: walksPerTask, replay: replayConfig } = config.rollout;
  const updates = config.objective.updatesPerBatch;
  const visits = caps.walks * caps.maxSteps;
  const f = (length: number, label: string) => backend.tensor('f32', length, label);
  const u = (length: number, label: string, data?: ArrayLike<number>) => backend.tensor('u32', length, label, data);
  const none = u(visits, 'no trajectories', new Uint32Array(visits).fill(NONE));
  const replayed = u(caps.walks, 'replayed');
  const tensors: StepTensors = {
    ...lossTensors(backend, caps),
    schedule: f(scheduleLength(updates), 'schedule'),
    given: u(visits, 'given trajectories', new Uint32Array(visits).fill(NONE)),
    steps: f(visits * STEP_STRIDE, 'steps of walks'),
    norms: f(GROUPS.length, 'squared norms'),
    ring: f(RING_CAPACITY * METRICS_STRIDE, 'metrics'),
    first: f(layout.length, 'first moments'),
    second: f(layout.length, 'second moments'),
    fast: backward === 'likelihood' ? f(layout.groups.backward.length, 'backward policy in training') : null,
    replay:
      replayConfig.capacity === 0
        ? null
        : {
            edges: u(store.tasks.length * replayConfig.capacity * caps.maxSteps, 'replayed edges'),
            rewards: f(store.tasks.length * replayConfig.capacity, 'replayed rewards'),
            counts: u(store.tasks.length, 'walks stored'),
          },
  };
  const parts: RolloutParts = {
    supervisor,
    caps,
    offsets: o,
    walksPerTask,
    schedule: tensors.schedule,
    epsilonIndex: SCHEDULE.epsilon,
    given: tensors.given,
    steps: tensors.steps,
  };
  const { huber, lambda, ratioClip, entropyBonus, klWeight, flowBeta } = config.objective;
  const settings = {
    walksPerTask,
    maxSteps: caps.maxSteps,
    huber,
    lambda,
    ratioClip,
    entropyBonus,
    klWeight,
    flowBeta,
  };

  const recall: Command[] = tensors.replay
    ? [
        dispatch(
          recallWalks,
          caps.walks,
          { plan, ...tensors.replay, given: tensors.given, replayed },
          {
            batchTask: o.batchTask,
            walksPerTask,
            maxSteps: caps.maxSteps,
            capacity: replayConfig.capacity,
            recalled: Math.floor(replayConfig.share * walksPerTask),
            draws: replayConfig.by === 'reward' ? TOURNAMENT : 1,
          },
        ),
      ]
    : [];
  const remember: Command[] = tensors.replay
    ? [
        dispatch(
          rememberWalks,
          caps.batch,
          { plan, sums: tensors.sums, replayed, ...tensors.replay },
          {
            batchTask: o.batchTask,
            walkEdge: o.walkEdge,
            walksPerTask,
            maxSteps: caps.maxSteps,
            capacity: replayConfig.capacity,
          },
        ),
      ]
    : [];

  const slow = backend.tensor('f32', tensors.fast?.length ?? 1, 'slow copy of the backward policy');
  const { first: firstBackward, length: backwardLength } = layout.groups.backward;
  const trained = backend.view(s.parameters, firstBackward, backwardLength, 'parameters of the backward policy');

  /** The likelihood's gradient is that of the policy in training, which stands in for its slow copy meanwhile. */
  const backwardGradients = (): Command[] => {
    if (backward === 'fixed') return [];
    if (!tensors.fast) return backwardGradientCommands(parts, tensors, objective, backward);
    return [
      { op: 'copy', from: trained, to: slow },
      { op: 'copy', from: tensors.fast, to: trained },
      ...supervisor.backwardTables(),
      ...supervisor.forwardTargets(),
      ...backwardGradientCommands(parts, tensors, objective, backward),
      { op: 'copy', from: slow, to: trained },
    ];
  };

  const evaluated = (first: boolean): Command[] => [
    ...walkCommands(parts, first),
    ...backwardPolicyCommands(parts, backward),
    ...walkSumCommands(parts, tensors, objective, backward, first),
  ];
  const gradientsOf = (first: boolean): Command[] => [
    ...evaluated(first),
    ...policyGradientCommands(parts, tensors, objective, settings),
    ...backwardGradients(),
  ];

  const groups = trainedGroups(objective, backward);
  const normChunks = groups.map((group) => Math.ceil(layout.groups[group].length / NORM_CHUNK));
  const partialNorms = f(
    normChunks.reduce((a, b) => a + b, 0),
    'partial norms',
  );
  let out = 0;
  const norms = groups.flatMap((group, i): Command[] => {
    const at = out;
    out += normChunks[i];
    return [
      dispatch(
        squaredNorm,
        normChunks[i],
        { x: s.gradients, partial: partialNorms },
        { ...layout.groups[group], out: at },
      ),
      dispatch(
        sumRange,
        1,
        { x: partialNorms, y: tensors.norms },
        { first: at, length: normChunks[i], out: GROUPS.indexOf(group) },
      ),
    ];
  });
  const rates: Readonly<Record<Group, number>> = {
    policy: SCHEDULE.lr,
    match: SCHEDULE.lr,
    backward: SCHEDULE.lrBackward,
    logZ: SCHEDULE.lrZ,
    flow: SCHEDULE.lrFlow,
  };
  const optimise = (update: number): Command[] => [
    ...norms,
    ...(tensors.fast ? [{ op: 'copy' as const, from: tensors.fast, to: trained }] : []),
    ...groups.map((group) =>
      dispatch(
        adamw,
        layout.groups[group].length,
        {
          schedule: tensors.schedule,
          norms: tensors.norms,
          gradient: s.gradients,
          parameter: s.parameters,
          first: tensors.first,
          second: tensors.second,
        },
        {
          ...layout.groups[group],
          group: GROUPS.indexOf(group),
          rateIndex: rates[group],
          correctionIndex: SCHEDULE.corrections + 2 * update,
          scale: group === 'match' ? MATCH_RATE : 1,
          decay: group === 'policy' || group === 'backward' ? config.optimiser.weightDecay : 0,
          clip: config.optimiser.clip,
        },
      ),
    ),
    ...(tensors.fast
      ? [
          { op: 'copy' as const, from: trained, to: tensors.fast },
          dispatch(
            approach,
            backwardLength,
            { slow, fast: tensors.fast, y: trained },
            { length: backwardLength, rate: SLOW_RATE },
          ),
        ]
      : []),
  ];

  const metrics = dispatch(
    stepMetrics,
    1,
    {
      plan,
      sums: tensors.sums,
      losses: tensors.losses,
      replayed,
      logZ: s.logZ,
      norms: tensors.norms,
      ring: tensors.ring,
    },
    { capacity: RING_CAPACITY },
  );
  const walked = backend.view(plan, o.walkEdge, visits, 'walks');
  const again: Command[] = Array.from({ length: updates - 1 }, (_, i) => [
    ...gradientsOf(false),
    ...optimise(i + 1),
  ]).flat();
  const head = layout.tensors['logZ.head'];
  const flowHead = layout.tensors['flow.head'];
  const firstValue = ({ offset, rows }: typeof head): Command =>
    dispatch(firstLogZ, 1, { plan, sums: tensors.sums, parameters: s.parameters }, { bias: offset + rows - 1 });
  return {
    tensors,
    gradients: [...recall, ...gradientsOf(true)],
    update: [
      ...optimise(0),
      metrics,
      ...remember,
      ...(updates > 1 ? [{ op: 'copy' as const, from: walked, to: tensors.given }] : []),
      ...again,
      { op: 'copy', from: none, to: tensors.given },
    ],
    start: [
      ...evaluated(true),
      firstValue(head),
      // Where log F is read off the edges, their logits say where it begins.
      ...(objective.logZ === 'flow' && flowForm(config) === 'head' ? [firstValue(flowHead)] : []),
      ...(tensors.fast ? [{ op: 'copy' as const, from: trained, to: tensors.fast }] : []),
    ],
  };
}
