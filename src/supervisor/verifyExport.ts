/**
 * Runs an export where it will be used, in onnxruntime-web, on states of given tasks, and holds it against the lab's own
 * pass: the twins of the kernels on the CPU. What the models are given is made from texts, as a deployer makes it.
 */
import type { Encoder } from '../encoder/encoder.ts';
import type { OnnxRuntime } from '../encoder/onnxRuntime.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { nextMacrotask } from '../gpu/nextMacrotask.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS, inDegree, nodeCount } from '../graph/taskGraph.ts';
import type { OnnxFiles, TrainedParts } from './exportOnnx.ts';
import type { TextAction, TextEdge, TextState } from './onnx/feeds.ts';
import { backwardFeeds, policyFeeds } from './onnx/feeds.ts';
import type { Precision } from './onnx/graphBuilder.ts';
import type { ParameterLayout } from './parameters.ts';
import { COUNT, capacities, HEADER, layoutPlan, RECORD_STRIDE, writePlan } from './plan.ts';
import { createSupervisor } from './supervisor.ts';
import { buildTaskStore } from './taskStore.ts';

/** The most by which a log-probability, log F or log Z of a verified export differs from the lab's. */
export const TOLERANCE = 1e-5;
/** States whose activations are held at a time. */
const CHUNK = 64;

export interface ExportCheck {
  readonly tasks: number;
  /** States of which log P_F was compared, and how many log-probabilities those are. */
  readonly states: number;
  readonly actions: number;
  /** Nodes of which log P_B was compared, and how many edges enter them. */
  readonly nodes: number;
  readonly edges: number;
  /** Largest absolute differences; null for what is not in the export. */
  readonly largest: {
    readonly logPF: number;
    readonly logPB: number | null;
    readonly logF: number | null;
    readonly logZ: number | null;
  };
  readonly tolerance: number;
  readonly precision: Precision;
  readonly verified: boolean;
  /** version of onnxruntime-web */
  readonly runtime: string;
}

export interface ExportedNetwork {
  readonly layout: ParameterLayout;
  /** `[layout.length]` */
  readonly values: Float32Array;
  readonly parts: TrainedParts;
  readonly encoder: Encoder;
  /** What the models compute with, and so the lab; float32 unless it says otherwise. */
  readonly precision?: Precision;
}

export interface CheckOptions {
  /** States to compare in all; 1,000 unless it says otherwise. */
  readonly states?: number;
  /** The most of one task. */
  readonly perTask?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A node as a deployer describes it. */
export function stateInWords(graph: TaskGraph, node: number): TextState {
  return {
    task: graph.text,
    items: Array.from(graph.item.subarray(graph.itemStart[node], graph.itemStart[node + 1]), (i) => graph.itemText[i]),
    step: graph.step[node] / Math.max(graph.horizon, 1),
  };
}

/** What a state allows, in the order of its edges. */
export function actionsInWords(graph: TaskGraph, state: number): TextAction[] {
  return edgesFrom(graph, state).map((e) => ({
    text: graph.actionText[graph.action[e]],
    kind: ACTION_KINDS[graph.kind[e]],
    ...(graph.skill[e] > 0 ? { slot: graph.skill[e] - 1 } : {}),
  }));
}

/** The edges that enter a node, in the order of `inEdge`. */
export function edgesInWords(graph: TaskGraph, node: number): TextEdge[] {
  return Array.from(graph.inEdge.subarray(graph.inStart[node], graph.inStart[node + 1]), (e) => ({
    action: graph.actionText[graph.action[e]],
    parent: stateInWords(graph, graph.source[e]),
    legal: edgesFrom(graph, graph.source[e]).map((other) => graph.actionText[graph.action[other]]),
  }));
}

function edgesFrom(graph: TaskGraph, state: number): number[] {
  return Array.from({ length: graph.outStart[state + 1] - graph.outStart[state] }, (_, i) => graph.outStart[state] + i);
}

/** At most `count` numbers of `first .. end - 1`, the first among them, evenly spread. */
function spread(first: number, end: number, count: number): number[] {
  const length = Math.min(count, end - first);
  return Array.from({ length }, (_, i) => first + Math.floor((i * (end - first)) / length));
}

/** What the lab itself says of some states and nodes of a task, in their order. */
interface LabPass {
  readonly logPF: readonly Float64Array[];
  readonly logF: readonly number[];
  readonly logPB: readonly Float64Array[];
  readonly logZ: number;
}

async function labPass(
  graph: TaskGraph,
  { layout, values, parts, encoder, precision = 'float32' }: ExportedNetwork,
  states: readonly number[],
  nodes: readonly number[],
): Promise<LabPass> {
  // What is not needed of a task to compute its policy is left empty.
  const store = buildTaskStore([{ graph, logTarget: new Float64Array(graph.outcomes), fixedLogPB: null }], encoder);
  const backend = createCpuBackend(precision === 'float64' ? 'f64' : 'f32');
  const caps = capacities(store, 1, CHUNK);
  const offsets = layoutPlan(store, caps);
  const use = { flow: parts.flow, backwardOver: parts.backward ?? 'entering' } as const;
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, values, use);
  const { tensors: s } = supervisor;
  const host = new Uint32Array(offsets.walkNode);
  writePlan(store, offsets, [0], {}, host);
  backend.write(backend.view(s.plan, 0, host.length, 'plan, host part'), host);
  const header = host.subarray(0, HEADER);
  const record = (label: string, commands: ReturnType<typeof supervisor.tables>) =>
    backend.record(label, commands, s.counts);
  const tables = await record('check: tables', [...supervisor.tables(), ...supervisor.backwardTables()]);
  const forward = await record('check: forward', supervisor.forwardSlots());
  const backward = await record('check: backward', supervisor.forwardTargets());
  await backend.run(tables);

  /** Some nodes at a time, as many as there is room for. */
  async function* chunks(
    chosen: readonly number[],
    edgeStart: Uint32Array,
    records: number,
    most: { readonly nodes: number; readonly edges: number },
  ): AsyncGenerator<{ readonly count: number; readonly starts: readonly number[] }> {
    for (let first = 0; first < chosen.length; ) {
      const starts = [0];
      const rows: number[] = [];
      for (const node of chosen.slice(first, first + Math.min(most.nodes, CHUNK))) {
        const end = starts[starts.length - 1] + edgeStart[node + 1] - edgeStart[node];
        if (end > most.edges) break;
        const row = new Array<number>(RECORD_STRIDE).fill(0);
        row[0] = node;
        row[1] = starts[starts.length - 1];
        rows.push(...row);
        starts.push(end);
      }
      backend.write(backend.view(s.plan, records, rows.length, 'chosen nodes'), Uint32Array.from(rows));
      yield { count: starts.length - 1, starts };
      first += starts.length - 1;
    }
  }

  const pieces = (flat: Float64Array, starts: readonly number[]) =>
    starts.slice(1).map((end, i) => flat.subarray(starts[i], end));
  const read = async (tensor: typeof s.logPF, length: number) =>
    Float64Array.from(await backend.read(backend.view(tensor, 0, length, 'compared')));

  const logPF: Float64Array[] = [];
  const logF: number[] = [];
  const room = { nodes: caps.slots, edges: caps.edges };
  for await (const { count, starts } of chunks(states, graph.outStart, offsets.slotRecords, room)) {
    const edges = starts[count];
    header[COUNT.slots] = header[COUNT.newSlots] = count;
    header[COUNT.edges] = header[COUNT.newEdges] = edges;
    backend.write(s.counts, header);
    await backend.run(forward);
    logPF.push(...pieces(await read(s.logPF, edges), starts));
    if (parts.flow) logF.push(...(await read(s.logF, count)));
  }
  const logPB: Float64Array[] = [];
  const entering = { nodes: caps.targets, edges: caps.entering };
  for await (const { count, starts } of chunks(nodes, graph.inStart, offsets.targetRecords, entering)) {
    header[COUNT.targets] = count;
    header[COUNT.entering] = starts[count];
    backend.write(s.counts, header);
    await backend.run(backward);
    logPB.push(...pieces(await read(s.logPB, starts[count]), starts));
  }
  const [logZ] = await read(s.logZ, 1);
  backend.destroy();
  return { logPF, logF, logPB, logZ };
}

/** The largest difference so far; what is no number, or missing, is infinitely far off. */
function largestDifference(before: number, ours: ArrayLike<number>, theirs: ArrayLike<number> | undefined): number {
  if (theirs?.length !== ours.length) return Number.POSITIVE_INFINITY;
  let largest = before;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}

/**
 * Compares an export with the lab on up to so many states of the tasks, and as many nodes where log P_B is in it.
 * @param graphs unfolded one after the other, and no further than it takes
 * @throws what onnxruntime says of models that it cannot run, or the signal's reason
 */
export async function verifyExport(
  files: OnnxFiles,
  network: ExportedNetwork,
  graphs: Iterable<TaskGraph>,
  runtime: OnnxRuntime,
  options: CheckOptions = {},
): Promise<ExportCheck> {
  const { states: wanted = 1000, perTask = wanted, signal, onProgress } = options;
  const { encoder, parts } = network;
  const policy = await runtime.load(files.policy);
  const backward = files.backward && (await runtime.load(files.backward));
  const sums = { tasks: 0, states: 0, actions: 0, nodes: 0, edges: 0 };
  const largest = { logPF: 0, logPB: 0, logF: 0, logZ: 0 };
  try {
    for (const graph of graphs) {
      signal?.throwIfAborted();
      const count = Math.min(perTask, wanted - sums.states);
      const states = spread(0, graph.states, count);
      const nodes = backward ? spread(1, nodeCount(graph), count) : [];
      const lab = await labPass(graph, network, states, nodes);
      for (const [i, state] of states.entries()) {
        const found = await policy.run(policyFeeds(encoder, stateInWords(graph, state), actionsInWords(graph, state)));
        largest.logPF = largestDifference(largest.logPF, lab.logPF[i], found.logPF.data);
        if (parts.flow) largest.logF = largestDifference(largest.logF, [lab.logF[i]], found.logF.data);
        if (parts.logZ) largest.logZ = largestDifference(largest.logZ, [lab.logZ], found.logZ.data);
        sums.actions += lab.logPF[i].length;
        if (i % CHUNK === 0) await breathe(sums.states + i);
      }
      for (const [i, node] of nodes.entries()) {
        if (backward === null || parts.backward === null) break;
        const edges = edgesInWords(graph, node);
        const found = await backward.run(backwardFeeds(encoder, stateInWords(graph, node), edges, parts.backward));
        largest.logPB = largestDifference(largest.logPB, lab.logPB[i], found.logPB.data);
        sums.edges += inDegree(graph, node);
        if (i % CHUNK === 0) await breathe(sums.states + states.length);
      }
      sums.tasks += 1;
      sums.states += states.length;
      sums.nodes += nodes.length;
      if (sums.states >= wanted) break;
    }
  } finally {
    await policy.release();
    await backward?.release();
  }
  return {
    ...sums,
    largest: {
      logPF: largest.logPF,
      logPB: backward ? largest.logPB : null,
      logF: parts.flow ? largest.logF : null,
      logZ: parts.logZ ? largest.logZ : null,
    },
    tolerance: TOLERANCE,
    precision: network.precision ?? 'float32',
    verified: sums.states > 0 && Object.values(largest).every((difference) => difference <= TOLERANCE),
    runtime: runtime.version,
  };

  async function breathe(done: number): Promise<void> {
    onProgress?.(done, wanted);
    await nextMacrotask();
    signal?.throwIfAborted();
  }
}
