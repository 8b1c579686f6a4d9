/**
 * The learned policy of a whole task: log P_F and log P_B of EVERY edge, computed on the device in
 * chunks of states, then renormalised in float64. The one place where values are read back by edge.
 */

import type { Turn, TurnTaker } from '../executor/gpuTurns.ts';
import type { BalancedPolicy } from '../flow/credit.ts';
import type { Backend, Program, Tensor } from '../gpu/backend.ts';
import { dispatch } from '../gpu/backend.ts';
import { normaliseBackward, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import { nodeCount } from '../graph/taskGraph.ts';
import { rangeRecords } from '../supervisor/kernels/rangeRecords.ts';
import type { Capacities, PlanOffsets } from '../supervisor/plan.ts';
import { COUNT, HEADER, writePlan } from '../supervisor/plan.ts';
import type { Supervisor, SupervisorUse } from '../supervisor/supervisor.ts';
import type { TaskStore } from '../supervisor/taskStore.ts';

/** What was learned of one task. */
export interface LearnedPolicy extends BalancedPolicy {
  /** `[states]` log F of the flow head (values, for `ppo`), null where it is not in use. */
  readonly logF: Float64Array | null;
  /**
   * `[edges]` the backward policy that the answer key is made with: `logPB`, but a uniform one where `logPB` is not a
   * distribution over the edges that enter a node and has no answer key (`ttb-paper`).
   */
  readonly keyLogPB: Float64Array;
}

export interface ExactPolicyReader {
  /**
   * Where a language model uses the GPU too, each range of states is a turn of its own.
   * @param q task of the store
   * @param fixedLogPB `[edges]` where the backward policy is not learned, else null
   * @throws the signal's reason once it is aborted, also while it waits for a turn
   */
  read(q: number, fixedLogPB: Float64Array | null, signal?: AbortSignal): Promise<LearnedPolicy>;
}

/** Records the programs of exact evaluation. */
export async function createExactPolicyReader(
  backend: Backend,
  store: TaskStore,
  supervisor: Supervisor,
  caps: Capacities,
  offsets: PlanOffsets,
  use: SupervisorUse,
  turns?: TurnTaker,
): Promise<ExactPolicyReader> {
  const { tensors: s } = supervisor;
  const overActions = use.backwardOver === 'actions';
  const range = (records: number, countIndex: number, edgeStart: number, most: number) =>
    dispatch(
      rangeRecords,
      { index: countIndex, times: 1, most },
      { plan: s.plan, graph: s.graph },
      { records, countIndex, edgeStart },
    );
  const [tables, forward, backward] = await Promise.all([
    backend.record('evaluation: tables', [...supervisor.tables(), ...supervisor.backwardTables()], s.counts),
    backend.record(
      'evaluation: forward',
      [range(offsets.slotRecords, COUNT.newSlots, store.offsets.outStart, caps.slots), ...supervisor.forwardSlots()],
      s.counts,
    ),
    backend.record(
      'evaluation: backward',
      [
        range(offsets.targetRecords, COUNT.targets, store.offsets.inStart, caps.targets),
        ...supervisor.forwardTargets(),
      ],
      s.counts,
    ),
  ]);
  const host = new Uint32Array(offsets.walkNode);
  const hostView = backend.view(s.plan, 0, offsets.walkNode, 'plan, host part');
  const header = host.subarray(0, HEADER);

  /** Runs `program` over `nodes` in ranges that fit, and gathers one value per edge. */
  async function sweep(
    q: number,
    program: Program,
    nodes: { readonly first: number; readonly end: number; readonly capacity: number },
    edgeStart: Uint32Array,
    edgeCapacity: number,
    logits: Tensor<'f32'>,
    count: (nodes: number, edges: number) => void,
    put: (position: number, value: number) => void,
    turn: Turn | undefined,
    signal?: AbortSignal,
    perNode?: (first: number, values: ArrayLike<number>) => void,
  ): Promise<void> {
    let first = nodes.first;
    while (first < nodes.end) {
      signal?.throwIfAborted();
      // What was read back before has waited for the GPU.
      if (first > nodes.first) await turn?.next();
      let end = first + 1;
      while (end < nodes.end && end - first < nodes.capacity && edgeStart[end + 1] - edgeStart[first] <= edgeCapacity) {
        end++;
      }
      const edges = edgeStart[end] - edgeStart[first];
      header[COUNT.firstNode] = store.tasks[q].firstNode + first;
      count(end - first, edges);
      backend.write(s.counts, header);
      await backend.run(program);
      const values = await backend.read(backend.view(logits, 0, edges, 'evaluated logits'));
      for (let i = 0; i < edges; i++) put(edgeStart[first] + i, values[i]);
      if (perNode) perNode(first, await backend.read(backend.view(s.logF, 0, end - first, 'evaluated log F')));
      first = end;
    }
  }

  /** Logits of every edge of a task: backward ones only where they are learned. */
  async function logitsOf(q: number, isBackwardLearned: boolean, turn: Turn | undefined, signal?: AbortSignal) {
    const { graph } = store.tasks[q];
    writePlan(store, offsets, [q], {}, host);
    backend.write(hostView, host);
    await backend.run(tables);
    const forwardLogits = new Float64Array(graph.edges);
    const logF = use.flow ? new Float64Array(graph.states) : null;
    await sweep(
      q,
      forward,
      { first: 0, end: graph.states, capacity: caps.slots },
      graph.outStart,
      caps.edges,
      s.logits,
      (slots, edges) => {
        header[COUNT.slots] = header[COUNT.newSlots] = slots;
        header[COUNT.edges] = header[COUNT.newEdges] = edges;
      },
      (e, value) => {
        forwardLogits[e] = value;
      },
      turn,
      signal,
      logF ? (first, values) => logF.set(values, first) : undefined,
    );
    const [logZ] = await backend.read(backend.view(s.logZ, 0, 1, 'evaluated log Z'));
    const backwardLogits = new Float64Array(isBackwardLearned ? graph.edges : 0);
    if (isBackwardLearned) {
      await turn?.next();
      await sweep(
        q,
        backward,
        // The root is entered by no edge.
        { first: 1, end: nodeCount(graph), capacity: caps.targets },
        graph.inStart,
        caps.entering,
        overActions ? s.logPB : s.enteringLogits,
        (nodes, edges) => {
          header[COUNT.targets] = nodes;
          header[COUNT.entering] = edges;
        },
        (i, value) => {
          backwardLogits[graph.inEdge[i]] = value;
        },
        turn,
        signal,
      );
    }
    return { logZ, logF, forwardLogits, backwardLogits };
  }

  return {
    async read(q, fixedLogPB, signal) {
      const { graph } = store.tasks[q];
      const turn = await turns?.turn(signal);
      const onDevice = logitsOf(q, fixedLogPB === null, turn, signal);
      const { logZ, logF, forwardLogits, backwardLogits } = await onDevice.finally(() => turn?.end());
      const logPF = normaliseForward(graph, forwardLogits);
      if (fixedLogPB) return { logZ, logPF, logPB: fixedLogPB, keyLogPB: fixedLogPB, logF };
      if (overActions) return { logZ, logPF, logPB: backwardLogits, keyLogPB: uniformLogPB(graph), logF };
      const logPB = normaliseBackward(graph, backwardLogits);
      return { logZ, logPF, logPB, keyLogPB: logPB, logF };
    },
  };
}
