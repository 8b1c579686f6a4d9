/** The walks of a step as commands: from the roots of the batch's tasks to outcomes, all in lock step. */
import type { Command, Tensor } from '../../gpu/backend.ts';
import { dispatch } from '../../gpu/backend.ts';
import type { Capacities, PlanOffsets } from '../../supervisor/plan.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import type { StoreOffsets } from '../../supervisor/taskStore.ts';
import { frontier } from './kernels/frontier.ts';
import { sampleActions } from './kernels/sampleActions.ts';
import { startWalks } from './kernels/startWalks.ts';
import { targets } from './kernels/targets.ts';

export interface RolloutParts {
  readonly supervisor: Supervisor;
  readonly caps: Capacities;
  readonly offsets: PlanOffsets & StoreOffsets;
  readonly walksPerTask: number;
  /** `[.., epsilon, temperature, ..]` and where the two stand */
  readonly schedule: Tensor<'f32'>;
  readonly epsilonIndex: number;
  /** `[walks, maxSteps]` edges to take, NONE where the sampler chooses */
  readonly given: Tensor<'u32'>;
  /** `[walks, maxSteps, STEP_STRIDE]` */
  readonly steps: Tensor<'f32'>;
}

/**
 * Text tables, then `maxSteps` rounds: new states get slots, the policy is computed for them, every walk takes an edge.
 * @param first whether this is the batch's first update, in which `steps` gets what the edges were sampled with
 */
export function walkCommands(parts: RolloutParts, first: boolean): Command[] {
  const { supervisor, caps, offsets: o, schedule, given, steps } = parts;
  const { tensors: s } = supervisor;
  const { plan, graph } = s;
  const { maxSteps } = caps;
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
    // A walk stands in one state.
    ...supervisor.forwardSlots(caps.walks),
    dispatch(
      sampleActions,
      caps.walks,
      { plan, graph, logPF: s.logPF, schedule, given, steps },
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
        maxSteps,
        round: t,
        epsilonIndex: parts.epsilonIndex,
        first: first ? 1 : 0,
      },
    ),
  ];
  return [
    { op: 'clear', tensor: s.visit },
    { op: 'clear', tensor: s.entered },
    { op: 'clear', tensor: s.isParent },
    ...supervisor.tables(),
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
        walksPerTask: parts.walksPerTask,
        maxSteps,
      },
    ),
    ...Array.from({ length: maxSteps }, (_, t) => round(t)).flat(),
  ];
}

/** Lists the nodes that the walks entered, for the backward policy. */
export function targetCommands({ supervisor, caps, offsets: o }: RolloutParts): Command[] {
  const { plan, graph, entered } = supervisor.tensors;
  return [
    dispatch(
      targets,
      256,
      { plan, graph, entered },
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
  ];
}
