/**
 * One training step as one program: sample, score, balance, differentiate, update. Recorded once
 * and replayed; what changes from step to step is data (the plan's header and the schedule).
 */

import { firstLogZ } from '../flow/kernels/firstLogZ.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE, spreadCoefficients } from '../flow/kernels/spreadCoefficients.ts';
import { METRICS_STRIDE, stepMetrics } from '../flow/kernels/stepMetrics.ts';
import { SUMS_STRIDE, walkSums } from '../flow/kernels/walkSums.ts';
import { frontier } from '../flow/rollout/kernels/frontier.ts';
import { sampleActions } from '../flow/rollout/kernels/sampleActions.ts';
import { startWalks } from '../flow/rollout/kernels/startWalks.ts';
import { targets } from '../flow/rollout/kernels/targets.ts';
import type { Backend, Command, Tensor } from '../gpu/backend.ts';
import { dispatch } from '../gpu/backend.ts';
import { adamw } from '../gpu/kernels/adamw.ts';
import { NORM_CHUNK, squaredNorm } from '../gpu/kernels/squaredNorm.ts';
import { sumRange } from '../gpu/kernels/sumRange.ts';
import { GROUPS } from '../supervisor/parameters.ts';
import type { Capacities, PlanOffsets } from '../supervisor/plan.ts';
import { COUNT } from '../supervisor/plan.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { TaskStore } from '../supervisor/taskStore.ts';
import type { RunConfig } from './config.ts';
import { objectives } from './objectives.ts';

/** What the host writes into `schedule` before every step. */
export const SCHEDULE = {
  lr: 0,
  lrBackward: 1,
  lrZ: 2,
  correction1: 3,
  correction2: 4,
  epsilon: 5,
  temperature: 6,
} as const;
export const SCHEDULE_LENGTH = 8;

/** Steps whose metrics the ring holds; a drain must come before it is full. */
export const RING_CAPACITY = 256;

/** The rate of the match weights relative to the policy's. */
const MATCH_RATE = 10;

export interface StepTensors {
  readonly schedule: Tensor<'f32'>;
  /** `[walks, maxSteps]` edges to take where the header's `given` is 1 */
  readonly given: Tensor<'u32'>;
  readonly sums: Tensor<'f32'>;
  readonly coefficients: Tensor<'f32'>;
  readonly norms: Tensor<'f32'>;
  readonly ring: Tensor<'f32'>;
  readonly first: Tensor<'f32'>;
  readonly second: Tensor<'f32'>;
}

export interface StepCommands {
  readonly tensors: StepTensors;
  /** Sample, forward, objective and gradients; no update. */
  readonly gradients: readonly Command[];
  /** Clipping, AdamW and the metrics row. */
  readonly update: readonly Command[];
  /** Sample and forward, then the first value of log Z. Run once, before step 0. */
  readonly start: readonly Command[];
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
  const o = { ...store.offsets, ...offsets };
  const learned = config.objective.backward === 'learned';
  const objective = objectives[config.objective.kind];
  const walksPerTask = config.rollout.trajectoriesPerTask;
  const { plan, graph, facts } = s;
  const normChunks = GROUPS.map((group) => Math.ceil(layout.groups[group].length / NORM_CHUNK));
  const f = (length: number, label: string) => backend.tensor('f32', length, label);
  const partialNorms = f(
    normChunks.reduce((a, b) => a + b, 0),
    'partial norms',
  );
  const tensors: StepTensors = {
    schedule: f(SCHEDULE_LENGTH, 'schedule'),
    given: backend.tensor('u32', caps.walks * caps.maxSteps, 'given trajectories'),
    sums: f(caps.walks * SUMS_STRIDE, 'walk sums'),
    coefficients: f(caps.walks * COEFFICIENT_STRIDE, 'coefficients'),
    norms: f(GROUPS.length, 'squared norms'),
    ring: f(RING_CAPACITY * METRICS_STRIDE, 'metrics'),
    first: f(layout.length, 'first moments'),
    second: f(layout.length, 'second moments'),
  };

  const round = (t: number): Command[] => [
    dispatch(
      frontier,
      256,
      { plan, graph, visit: s.visit },
      {
        walkNode: o.walkNode,
        walkSlot: o.walkSlot,
        slotRecords: o.slotRecords,
        outStart: o.outStart,
        slotCapacity: caps.slots,
        edgeCapacity: caps.edges,
      },
    ),
    ...supervisor.forwardSlots(),
    dispatch(
      sampleActions,
      caps.walks,
      { plan, graph, logPF: s.logPF, schedule: tensors.schedule, given: tensors.given },
      {
        slotRecords: o.slotRecords,
        outStart: o.outStart,
        edgeTarget: o.edgeTarget,
        isOutcome: o.isOutcome,
        walkNode: o.walkNode,
        walkSlot: o.walkSlot,
        walkLength: o.walkLength,
        walkEdge: o.walkEdge,
        walkPosition: o.walkPosition,
        maxSteps: caps.maxSteps,
        round: t,
        epsilonIndex: SCHEDULE.epsilon,
      },
    ),
  ];

  const sample: Command[] = [
    { op: 'clear', tensor: s.visit },
    { op: 'clear', tensor: s.entered },
    { op: 'clear', tensor: s.isParent },
    ...supervisor.tables({ backward: learned }),
    dispatch(
      startWalks,
      caps.walks,
      { plan, graph },
      {
        batchTask: o.batchTask,
        taskInfo: o.taskInfo,
        walkNode: o.walkNode,
        walkLength: o.walkLength,
        walkEdge: o.walkEdge,
        walkPosition: o.walkPosition,
        walkEntering: o.walkEntering,
        walksPerTask,
        maxSteps: caps.maxSteps,
      },
    ),
    ...Array.from({ length: caps.maxSteps }, (_, t) => round(t)).flat(),
  ];

  const backwardPolicy: Command[] = learned
    ? [
        dispatch(
          targets,
          256,
          { plan, graph, entered: s.entered },
          {
            walkEdge: o.walkEdge,
            walkEntering: o.walkEntering,
            targetRecords: o.targetRecords,
            inStart: o.inStart,
            inRank: o.inRank,
            edgeTarget: o.edgeTarget,
            maxSteps: caps.maxSteps,
            targetCapacity: caps.targets,
            enteringCapacity: caps.entering,
          },
        ),
        ...supervisor.forwardTargets(),
      ]
    : [];

  const sums = dispatch(
    walkSums,
    caps.walks,
    { plan, graph, facts, logPF: s.logPF, logPB: s.logPB, sums: tensors.sums },
    {
      edgeTarget: o.edgeTarget,
      fixedLogPB: o.fixedLogPB,
      logTarget: o.logTarget,
      reward: o.reward,
      solved: o.solved,
      walkLength: o.walkLength,
      walkEdge: o.walkEdge,
      walkPosition: o.walkPosition,
      walkEntering: o.walkEntering,
      maxSteps: caps.maxSteps,
      learned: learned ? 1 : 0,
    },
  );

  const spread = (
    records: number,
    rowsIndex: number,
    places: number,
    column: number,
    logP: Tensor<'f32'>,
    dLogits: Tensor<'f32'>,
  ) =>
    dispatch(
      spreadCoefficients,
      { index: rowsIndex, times: 1 },
      { plan, coefficients: tensors.coefficients, logP, dLogits },
      { records, rowsIndex, places, maxSteps: caps.maxSteps, column },
    );

  const gradients: Command[] = [
    ...sample,
    ...backwardPolicy,
    sums,
    dispatch(
      objective,
      caps.batch,
      { plan, sums: tensors.sums, logZ: s.logZ, coefficients: tensors.coefficients, dLogZ: s.dLogZ },
      { walksPerTask, huber: config.objective.huber },
    ),
    spread(o.slotRecords, COUNT.slots, o.walkPosition, COEFFICIENT.policy, s.logPF, s.dLogits),
    ...supervisor.backwardSlots(),
    ...(learned
      ? [
          spread(o.targetRecords, COUNT.targets, o.walkEntering, COEFFICIENT.backward, s.logPB, s.dEnteringLogits),
          ...supervisor.backwardTargets(),
        ]
      : []),
    ...supervisor.backwardLogZ(),
  ];

  const rates = { policy: SCHEDULE.lr, match: SCHEDULE.lr, backward: SCHEDULE.lrBackward, logZ: SCHEDULE.lrZ };
  let out = 0;
  const norms = GROUPS.flatMap((group, i): Command[] => {
    const at = out;
    out += normChunks[i];
    return [
      dispatch(
        squaredNorm,
        normChunks[i],
        { x: s.gradients, partial: partialNorms },
        { ...layout.groups[group], out: at },
      ),
      dispatch(sumRange, 1, { x: partialNorms, y: tensors.norms }, { first: at, length: normChunks[i], out: i }),
    ];
  });
  const update: Command[] = [
    ...norms,
    ...GROUPS.map((group, i) =>
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
          group: i,
          rateIndex: rates[group],
          correctionIndex: SCHEDULE.correction1,
          scale: group === 'match' ? MATCH_RATE : 1,
          decay: group === 'policy' || group === 'backward' ? config.optimiser.weightDecay : 0,
          clip: config.optimiser.clip,
        },
      ),
    ),
    dispatch(
      stepMetrics,
      1,
      {
        plan,
        sums: tensors.sums,
        coefficients: tensors.coefficients,
        logZ: s.logZ,
        norms: tensors.norms,
        ring: tensors.ring,
      },
      { capacity: RING_CAPACITY },
    ),
  ];

  const head = layout.tensors['logZ.head'];
  const start: Command[] = [
    ...sample,
    ...backwardPolicy,
    sums,
    dispatch(
      firstLogZ,
      1,
      { plan, sums: tensors.sums, parameters: s.parameters },
      { bias: head.offset + head.rows - 1 },
    ),
  ];
  return { tensors, gradients, update, start };
}
