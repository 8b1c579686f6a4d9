/** A rollout of a given number of walks as a step makes it, and what each of its kernels met. Only test files import this. */
import type { Command } from '../../../gpu/backend.ts';
import { dispatch } from '../../../gpu/backend.ts';
import { createCpuBackend } from '../../../gpu/cpuBackend.ts';
import type { Captured } from '../../../gpu/kernels/twins.fixture.ts';
import { capture } from '../../../gpu/kernels/twins.fixture.ts';
import { floats, SHAPE, smallGraphs, storeOf } from '../../../supervisor/kernels/supervisor.fixture.ts';
import { layoutParameters } from '../../../supervisor/parameters.ts';
import { capacities, layoutPlan, NONE, writePlan } from '../../../supervisor/plan.ts';
import { createSupervisor } from '../../../supervisor/supervisor.ts';
import { firstLogZ } from '../../kernels/firstLogZ.ts';
import { METRICS_STRIDE, stepMetrics } from '../../kernels/stepMetrics.ts';
import { STEP_STRIDE } from '../../kernels/walkSums.ts';
import type { Objective } from '../../objectives/objective.ts';
import { tb } from '../../objectives/tb/tb.ts';
import { recallWalks } from '../../replay/recallWalks.ts';
import { rememberWalks } from '../../replay/rememberWalks.ts';
import type { BackwardKind } from '../../updateProgram.ts';
import {
  backwardGradientCommands,
  backwardPolicyCommands,
  lossTensors,
  policyGradientCommands,
  walkSumCommands,
} from '../../updateProgram.ts';
import { walkCommands } from '../rollout.ts';

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
/** Walks a task's replay buffer holds: fewer than a step stores, so that it goes round. */
const REPLAY = 5;

/**
 * The kernels of flow/ in one step, captured: walks from their roots to their ends, their sums, the objective's
 * coefficients, the gradients of the logits, metrics, the replay buffer.
 * @param walks a key of BATCHES
 * @param options.given walks repeat an earlier rollout of another seed instead of sampling
 * @param options.entropyBonus above 0 where the entropy's coefficients are to count
 */
export async function capturedRollout(
  walks: number,
  {
    given = false,
    backward = 'objective',
    objective = tb,
    entropyBonus = 0,
    recalled = 0,
  }: {
    readonly given?: boolean;
    readonly backward?: BackwardKind;
    readonly objective?: Objective;
    readonly entropyBonus?: number;
    readonly recalled?: number;
  } = {},
): Promise<readonly Captured[]> {
  const { tasks, walksPerTask } = BATCHES[walks];
  const backend = createCpuBackend('f32');
  const store = storeOf(smallGraphs(6));
  const caps = capacities(store, 5, CAPACITY);
  const offsets = layoutPlan(store, caps);
  const layout = layoutParameters(SHAPE);
  const use = { flow: objective.flow ? 'head' : null, backwardOver: objective.backwardOver } as const;
  const initial = floats(1, layout.length);
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, initial, use);
  const { tensors: s } = supervisor;
  const { plan } = s;
  const o = { ...store.offsets, ...offsets };
  const visits = caps.walks * caps.maxSteps;
  const f = (length: number, label: string) => backend.tensor('f32', length, label, floats(length, length));
  const parts = {
    supervisor,
    caps,
    offsets: o,
    walksPerTask,
    // [epsilon, temperature]
    schedule: backend.tensor('f32', 2, 'schedule', [0.25, 1.5]),
    epsilonIndex: 0,
    given: backend.tensor('u32', visits, 'given', new Uint32Array(visits).fill(NONE)),
    steps: f(visits * STEP_STRIDE, 'steps'),
  };
  const tensors = lossTensors(backend, caps);
  const norms = backend.tensor('f32', 5, 'norms', [1, 2, 3, 4, 5]);
  const ring = f(4 * METRICS_STRIDE, 'ring');
  const replayed = backend.tensor('u32', caps.walks, 'replayed');
  const replay = {
    edges: backend.tensor('u32', store.tasks.length * REPLAY * caps.maxSteps, 'replayed edges'),
    rewards: backend.tensor('f32', store.tasks.length * REPLAY, 'replayed rewards'),
    counts: backend.tensor('u32', store.tasks.length, 'walks stored'),
  };
  const replaySizes = { batchTask: o.batchTask, walksPerTask, maxSteps: caps.maxSteps, capacity: REPLAY };
  const recall = (draws: number) =>
    dispatch(
      recallWalks,
      caps.walks,
      { plan, ...replay, given: parts.given, replayed },
      { ...replaySizes, recalled, draws },
    );
  const remember = dispatch(
    rememberWalks,
    caps.batch,
    { plan, sums: tensors.sums, replayed, ...replay },
    { ...replaySizes, walkEdge: o.walkEdge },
  );
  const settings = {
    walksPerTask,
    maxSteps: caps.maxSteps,
    huber: 10,
    lambda: 0.9,
    ratioClip: 0.2,
    entropyBonus,
    klWeight: 0.1,
    flowBeta: 15,
  };
  const walked = walkCommands(parts, true);
  const { losses, sums } = tensors;
  const step: Command[] = [
    ...(recalled > 0 ? [recall(1)] : []),
    ...walked,
    ...backwardPolicyCommands(parts, backward),
    ...walkSumCommands(parts, tensors, objective, backward, true),
    ...policyGradientCommands(parts, tensors, objective, settings),
    ...(backward === 'fixed' ? [] : backwardGradientCommands(parts, tensors, objective, backward)),
    dispatch(stepMetrics, 1, { plan, sums, losses, replayed, logZ: s.logZ, norms, ring }, { capacity: 4 }),
    dispatch(firstLogZ, 1, { plan, sums, parameters: s.parameters }, { bias: layout.tensors['logZ.head'].offset }),
    ...(recalled > 0 ? [remember, recall(4)] : []),
  ];

  const host = new Uint32Array(offsets.walkNode);
  // The plan's tasks in another order than the store's.
  const batch = [4, 2, 0, 1, 3].slice(0, tasks);
  const header = (seed: number) => {
    writePlan(store, offsets, batch, { walks, step: 6, seed }, host);
    backend.write(plan, host);
  };
  if (given || recalled > 0) {
    header(99);
    const earlier = [
      ...walked,
      ...backwardPolicyCommands(parts, backward),
      ...walkSumCommands(parts, tensors, objective, backward, true),
      ...(recalled > 0 ? [remember] : []),
    ];
    await backend.run(await backend.record('earlier rollout', earlier, s.counts));
  }
  if (given) backend.write(parts.given, await backend.read(backend.view(plan, o.walkEdge, visits, 'walked')));
  header(5);
  return capture(backend, step, s.counts);
}
