/** A rollout of a given number of walks as a step makes it, and what each of its kernels met. Only test files import this. */
import type { Command } from '../../../gpu/backend.ts';
import { dispatch } from '../../../gpu/backend.ts';
import { createCpuBackend } from '../../../gpu/cpuBackend.ts';
import type { Captured } from '../../../gpu/kernels/twins.fixture.ts';
import { capture } from '../../../gpu/kernels/twins.fixture.ts';
import { floats, SHAPE, smallGraphs, storeOf } from '../../../supervisor/kernels/supervisor.fixture.ts';
import { layoutParameters } from '../../../supervisor/parameters.ts';
import { COUNT, capacities, layoutPlan, writePlan } from '../../../supervisor/plan.ts';
import { createSupervisor } from '../../../supervisor/supervisor.ts';
import { firstLogZ } from '../../kernels/firstLogZ.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE, spreadCoefficients } from '../../kernels/spreadCoefficients.ts';
import { METRICS_STRIDE, stepMetrics } from '../../kernels/stepMetrics.ts';
import { SUMS_STRIDE, walkSums } from '../../kernels/walkSums.ts';
import { tb } from '../../objectives/tb/tb.ts';
import { frontier } from './frontier.ts';
import { sampleActions } from './sampleActions.ts';
import { startWalks } from './startWalks.ts';
import { targets } from './targets.ts';

/** How the batch is made up: so many walks as tasks times walks of each. */
const BATCHES: Readonly<Record<number, { readonly tasks: number; readonly walksPerTask: number }>> = {
  0: { tasks: 0, walksPerTask: 1 },
  1: { tasks: 1, walksPerTask: 1 },
  7: { tasks: 1, walksPerTask: 7 },
  64: { tasks: 4, walksPerTask: 16 },
  65: { tasks: 5, walksPerTask: 13 },
};

/** Walks that the step has room for; those beyond the actual ones must be left alone. */
const CAPACITY = 70;

/**
 * The kernels of flow/ in one step, captured: walks from their roots to their ends, their sums, coefficients by
 * `tb`, the gradients of the logits, metrics.
 * @param walks a key of BATCHES
 * @param given walks repeat an earlier rollout of another seed instead of sampling
 */
export async function capturedRollout(
  walks: number,
  { given = false, learned = true }: { readonly given?: boolean; readonly learned?: boolean } = {},
): Promise<readonly Captured[]> {
  const { tasks, walksPerTask } = BATCHES[walks];
  const backend = createCpuBackend('f32');
  const store = storeOf(smallGraphs(6));
  const caps = capacities(store, 5, CAPACITY);
  const offsets = layoutPlan(store, caps);
  const layout = layoutParameters(SHAPE);
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, floats(1, layout.length));
  const { tensors: s } = supervisor;
  const { plan, graph, facts } = s;
  const o = { ...store.offsets, ...offsets };
  const f = (length: number, label: string) => backend.tensor('f32', length, label, floats(length, length));
  // [epsilon, temperature]
  const schedule = backend.tensor('f32', 2, 'schedule', [0.25, 1.5]);
  const givenEdges = backend.tensor('u32', caps.walks * caps.maxSteps, 'given');
  const sums = f(caps.walks * SUMS_STRIDE, 'sums');
  const coefficients = f(caps.walks * COEFFICIENT_STRIDE, 'coefficients');
  const norms = backend.tensor('f32', 4, 'norms', [1, 2, 3, 4]);
  const ring = f(4 * METRICS_STRIDE, 'ring');

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
      { plan, graph, logPF: s.logPF, schedule, given: givenEdges },
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
        epsilonIndex: 0,
      },
    ),
  ];
  const sample: Command[] = [
    { op: 'clear', tensor: s.visit },
    { op: 'clear', tensor: s.entered },
    ...supervisor.tables({ backward: true }),
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
  const spread = (backward: boolean) =>
    dispatch(
      spreadCoefficients,
      { index: backward ? COUNT.targets : COUNT.slots, times: 1 },
      {
        plan,
        coefficients,
        logP: backward ? s.logPB : s.logPF,
        dLogits: backward ? s.dEnteringLogits : s.dLogits,
      },
      {
        records: backward ? o.targetRecords : o.slotRecords,
        rowsIndex: backward ? COUNT.targets : COUNT.slots,
        places: backward ? o.walkEntering : o.walkPosition,
        maxSteps: caps.maxSteps,
        column: backward ? COEFFICIENT.backward : COEFFICIENT.policy,
      },
    );
  const step: Command[] = [
    ...sample,
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
    dispatch(
      walkSums,
      caps.walks,
      { plan, graph, facts, logPF: s.logPF, logPB: s.logPB, sums },
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
    ),
    dispatch(tb, caps.batch, { plan, sums, logZ: s.logZ, coefficients, dLogZ: s.dLogZ }, { walksPerTask, huber: 10 }),
    spread(false),
    spread(true),
    dispatch(stepMetrics, 1, { plan, sums, coefficients, logZ: s.logZ, norms, ring }, { capacity: 4 }),
    dispatch(firstLogZ, 1, { plan, sums, parameters: s.parameters }, { bias: layout.tensors['logZ.head'].offset }),
  ];

  const host = new Uint32Array(offsets.walkNode);
  // The plan's tasks in another order than the store's.
  const batch = [4, 2, 0, 1, 3].slice(0, tasks);
  const header = (seed: number, isGiven: boolean) => {
    writePlan(store, offsets, batch, { walks, step: 6, seed, given: isGiven ? 1 : 0 }, host);
    backend.write(plan, host);
  };
  if (given) {
    header(99, false);
    await backend.run(await backend.record('earlier rollout', sample, s.counts));
    const walked = backend.view(plan, o.walkEdge, caps.walks * caps.maxSteps, 'walked');
    backend.write(givenEdges, await backend.read(walked));
  }
  header(5, given);
  return capture(backend, step, s.counts);
}
