/** Small task stores, and the Supervisor's kernels with the inputs they meet in a real step. Only test files import this. */

import { hashedEncoder } from '../../encoder/hashedEncoder.ts';
import type { Tensor } from '../../gpu/backend.ts';
import { createCpuBackend } from '../../gpu/cpuBackend.ts';
import type { Captured } from '../../gpu/kernels/twins.fixture.ts';
import { capture } from '../../gpu/kernels/twins.fixture.ts';
import { logTargets } from '../../graph/exact.ts';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { diamond } from '../../worlds/diamond/index.ts';
import { hypergrid } from '../../worlds/hypergrid/index.ts';
import { randomSource } from '../../worlds/random.ts';
import type { TreeSettings } from '../../worlds/tree/index.ts';
import { tree } from '../../worlds/tree/index.ts';
import { layoutParameters } from '../parameters.ts';
import { COUNT, capacities, HEADER, layoutPlan, RECORD_STRIDE, writePlan } from '../plan.ts';
import { createSupervisor } from '../supervisor.ts';
import type { TaskStore } from '../taskStore.ts';
import { buildTaskStore } from '../taskStore.ts';

/** Dimensions of the encoder, and the smallest Supervisor with more than one of everything. */
export const SHAPE = { dimensions: 16, width: 8, heads: 2, depth: 1, skills: 4 };

/** Uniform in -0.75 .. 0.75, from a counter. */
export function floats(key: number, length: number): Float32Array {
  const random = randomSource(key);
  return Float32Array.from({ length }, () => 1.5 * random.next() - 0.75);
}

export function treeGraph(observation: TreeSettings['observation'], depth: number, index = 0): TaskGraph {
  return tree.task(tree.settings.parse({ depth, observation }), 1, 'train', index).compile();
}

/** Graphs with merges, parallel edges and all kinds of actions; from the fifth on, the smallest there are. */
export function smallGraphs(count: number): TaskGraph[] {
  const first = [
    treeGraph('merges', 3),
    treeGraph('hides', 3),
    hypergrid.task(hypergrid.settings.parse({ height: 3 }), 1, 'train', 0).compile(),
    diamond.task({}, 1, 'train', 0).compile(),
  ];
  const graphs = Array.from({ length: count }, (_, i) => first[i] ?? treeGraph(i % 2 === 0 ? 'merges' : 'hides', 2, i));
  // As if some actions were skills.
  return graphs.map((graph) => ({ ...graph, skill: graph.skill.map((_, e) => e % (SHAPE.skills + 1)) }));
}

export function storeOf(graphs: readonly TaskGraph[]): TaskStore {
  const tasks = graphs.map((graph) => ({ graph, logTarget: logTargets(graph, 1, 0.1), fixedLogPB: null }));
  return buildTaskStore(tasks, hashedEncoder(SHAPE.dimensions));
}

/** Rows of every kind that the captured dispatches have at least: the largest awkward size. */
const ROWS = 65;
/** Slots of an earlier round, so that new ones do not begin at 0. */
const EARLIER = 5;

/**
 * Every dispatch of the Supervisor's kernels in one step over 65 tasks: states in random order in two rounds,
 * the second captured; targets; and the way back from random gradients of the logits.
 */
export async function capturedStep(): Promise<readonly Captured[]> {
  const graphs = smallGraphs(ROWS + 1);
  const store = storeOf(graphs);
  // A place in the batch is not the task's number, and one task is left out.
  const tasks = graphs.flatMap((_, q) => (q === 7 ? [] : [q])).reverse();
  const backend = createCpuBackend('f32');
  const caps = capacities(store, tasks.length, 100);
  const offsets = layoutPlan(store, caps);
  const layout = layoutParameters(SHAPE);
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, floats(1, layout.length), {
    flow: 'edges',
    backwardOver: 'entering',
  });
  const { tensors: s } = supervisor;
  const { offsets: g } = store;

  const host = new Uint32Array(offsets.walkNode);
  writePlan(store, offsets, tasks, { walks: caps.walks }, host);
  const header = host.subarray(0, HEADER);
  backend.write(s.plan, host);
  const run = async (commands: Parameters<typeof capture>[1]) => capture(backend, commands, s.counts);
  const captured = await run([...supervisor.tables(), ...supervisor.backwardTables()]);

  const inBatch = (node: number) => tasks.includes(store.graph[g.nodeTask + node]);
  const nodes = randomSource(2).shuffle(Array.from({ length: store.nodes }, (_, node) => node).filter(inBatch));
  const degree = (start: number, node: number) => store.graph[start + node + 1] - store.graph[start + node];
  /** Writes records of some nodes, their edges one after the other, and says where each stands. */
  const enter = (chosen: readonly number[], records: number, edgeStart: number, into: Tensor<'u32'>): number => {
    const record = new Uint32Array(chosen.length * RECORD_STRIDE);
    const place = new Uint32Array(store.nodes);
    let edges = 0;
    for (const [i, node] of chosen.entries()) {
      record.set([node, edges], i * RECORD_STRIDE);
      place[node] = i + 1;
      edges += degree(edgeStart, node);
    }
    backend.write(backend.view(s.plan, records, record.length, 'records'), record);
    backend.write(into, place);
    return edges;
  };

  const states = nodes.filter((node) => degree(g.outStart, node) > 0).slice(0, EARLIER + ROWS + 1);
  const edges = enter(states, offsets.slotRecords, g.outStart, s.visit);
  const earlierEdges = states.slice(0, EARLIER).reduce((sum, node) => sum + degree(g.outStart, node), 0);
  const round = (slots: number, slotBase: number, allEdges: number, edgeBase: number) => {
    header[COUNT.slots] = slots;
    header[COUNT.edges] = allEdges;
    header[COUNT.slotBase] = slotBase;
    header[COUNT.edgeBase] = edgeBase;
    header[COUNT.newSlots] = slots - slotBase;
    header[COUNT.newEdges] = allEdges - edgeBase;
    backend.write(s.counts, header);
  };
  round(EARLIER, 0, earlierEdges, 0);
  await run(supervisor.forwardSlots());
  round(states.length, EARLIER, edges, earlierEdges);
  captured.push(...(await run(supervisor.forwardSlots())));

  const targets = nodes.filter((node) => degree(g.inStart, node) > 0).slice(0, ROWS + 1);
  header[COUNT.entering] = enter(targets, offsets.targetRecords, g.inStart, s.entered);
  header[COUNT.targets] = targets.length;
  backend.write(s.counts, header);
  captured.push(...(await run(supervisor.forwardTargets())));

  for (const [i, tensor] of [s.dLogits, s.dEnteringLogits, s.dLogZ, s.dLogF].entries()) {
    backend.write(tensor, floats(3 + i, tensor.length));
  }
  captured.push(
    ...(await run([...supervisor.backwardSlots(), ...supervisor.backwardTargets(), ...supervisor.backwardLogZ()])),
  );
  return captured;
}
