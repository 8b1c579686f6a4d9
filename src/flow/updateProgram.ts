/**
 * From walks to gradients as commands: the sums along each walk, the objective's loss, and the way back through the
 * network. What an update does with the gradients is not known here.
 */
import type { Backend, Command, Tensor } from '../gpu/backend.ts';
import { dispatch } from '../gpu/backend.ts';
import { COUNT } from '../supervisor/plan.ts';
import { GROUP_STRIDE, groupSums } from './kernels/groupSums.ts';
import { likelihood } from './kernels/likelihood.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE, spreadCoefficients } from './kernels/spreadCoefficients.ts';
import { spreadFlows } from './kernels/spreadFlows.ts';
import { LOSS_STRIDE, taskSums } from './kernels/taskSums.ts';
import { SUMS_STRIDE, walkSums } from './kernels/walkSums.ts';
import type { Objective, ObjectiveSettings } from './objectives/objective.ts';
import type { RolloutParts } from './rollout/rollout.ts';
import { targetCommands } from './rollout/rollout.ts';

/** How the backward policy is had: read from a table with the graph, or learned by the objective or by likelihood. */
export type BackwardKind = 'fixed' | 'objective' | 'likelihood';

export interface LossTensors {
  readonly sums: Tensor<'f32'>;
  readonly group: Tensor<'f32'>;
  readonly coefficients: Tensor<'f32'>;
  readonly losses: Tensor<'f32'>;
}

export function lossTensors(backend: Backend, caps: RolloutParts['caps']): LossTensors {
  const f = (length: number, label: string) => backend.tensor('f32', length, label);
  return {
    sums: f(caps.walks * SUMS_STRIDE, 'walk sums'),
    group: f(caps.batch * GROUP_STRIDE, 'group sums'),
    coefficients: f(caps.walks * caps.maxSteps * COEFFICIENT_STRIDE, 'coefficients'),
    losses: f(caps.walks * LOSS_STRIDE, 'losses'),
  };
}

/** log P_B of the edges that the walks took, where it is learned. */
export function backwardPolicyCommands(parts: RolloutParts, backward: BackwardKind): Command[] {
  if (backward === 'fixed') return [];
  return [...parts.supervisor.backwardTables(), ...targetCommands(parts), ...parts.supervisor.forwardTargets()];
}

/** What the objective reads: values of each step and their sums. @param first whether this is the batch's first update */
export function walkSumCommands(
  parts: RolloutParts,
  tensors: LossTensors,
  objective: Objective,
  backward: BackwardKind,
  first: boolean,
): Command[] {
  const { supervisor, caps, offsets: o, steps, walksPerTask } = parts;
  const { plan, graph, facts, logPF, logPB, logF } = supervisor.tensors;
  const { sums, group } = tensors;
  return [
    dispatch(
      walkSums,
      caps.walks,
      { plan, graph, facts, logPF, logPB, logF, steps, sums },
      {
        edgeTarget: o.edgeTarget,
        fixedLogPB: o.fixedLogPB,
        logTarget: o.logTarget,
        reward: o.reward,
        solved: o.solved,
        slotRecords: o.slotRecords,
        edgeRecords: o.edgeRecords,
        walkLength: o.walkLength,
        walkEdge: o.walkEdge,
        walkPosition: o.walkPosition,
        walkEntering: o.walkEntering,
        maxSteps: caps.maxSteps,
        learned: backward === 'fixed' ? 0 : 1,
        flow: objective.flow ? 1 : 0,
        first: first ? 1 : 0,
      },
    ),
    dispatch(groupSums, caps.batch, { plan, sums, group }, { walksPerTask }),
  ];
}

/** The objective, and the gradients of the forward policy, of the flow head and of log Z. */
export function policyGradientCommands(
  parts: RolloutParts,
  tensors: LossTensors,
  objective: Objective,
  settings: ObjectiveSettings,
): Command[] {
  const { supervisor, caps, offsets: o, steps, walksPerTask } = parts;
  const { plan, logPF, logZ, dLogits, dLogF, dLogZ } = supervisor.tensors;
  const { sums, group, coefficients, losses } = tensors;
  return [
    dispatch(objective.kernel, caps.walks, { plan, steps, sums, group, logZ, coefficients, losses }, settings),
    dispatch(taskSums, caps.batch, { plan, losses, logZ, dLogZ }, { walksPerTask }),
    dispatch(
      spreadCoefficients,
      { index: COUNT.slots, times: 1, most: caps.slots },
      { plan, coefficients, logP: logPF, dLogits },
      {
        records: o.slotRecords,
        rowsIndex: COUNT.slots,
        places: o.walkPosition,
        maxSteps: caps.maxSteps,
        column: COEFFICIENT.policy,
        entropy: settings.entropyBonus > 0 ? 1 : 0,
      },
    ),
    ...(objective.flow
      ? [
          dispatch(
            spreadFlows,
            { index: COUNT.slots, times: 1, most: caps.slots },
            { plan, coefficients, dLogF },
            { slotRecords: o.slotRecords, walkPosition: o.walkPosition, maxSteps: caps.maxSteps },
          ),
        ]
      : []),
    ...supervisor.backwardSlots(),
    ...(objective.logZ === 'head' ? supervisor.backwardLogZ() : []),
  ];
}

/** The gradients of the backward policy, from the objective's coefficients or from those of likelihood. */
export function backwardGradientCommands(
  parts: RolloutParts,
  { coefficients }: LossTensors,
  { backwardOver }: Objective,
  backward: Exclude<BackwardKind, 'fixed'>,
): Command[] {
  const { supervisor, caps, offsets: o } = parts;
  const { plan, logPB, dEnteringLogits } = supervisor.tensors;
  const spread = dispatch(
    spreadCoefficients,
    { index: COUNT.targets, times: 1, most: caps.targets },
    { plan, coefficients, logP: logPB, dLogits: dEnteringLogits },
    {
      records: o.targetRecords,
      rowsIndex: COUNT.targets,
      places: o.walkEntering,
      maxSteps: caps.maxSteps,
      column: COEFFICIENT.backward,
      entropy: 0,
    },
  );
  return [
    ...(backward === 'likelihood'
      ? [
          dispatch(
            likelihood,
            caps.walks,
            { plan, coefficients },
            { walkLength: o.walkLength, maxSteps: caps.maxSteps },
          ),
        ]
      : []),
    ...(backwardOver === 'entering' ? [spread] : []),
    ...supervisor.backwardTargets({
      tensor: coefficients,
      stride: COEFFICIENT_STRIDE,
      column: COEFFICIENT.backward,
    }),
  ];
}
