/** The sampler alone: what its walks do, against the policy that it was given. Only test files import this. */
import { describe, expect, test } from 'vitest';
import type { Backend, Command } from '../../../gpu/backend.ts';
import { dispatch } from '../../../gpu/backend.ts';
import { defineKernel } from '../../../gpu/kernel.ts';
import { expectNoFailure } from '../../../gpu/testing/testBackend.ts';
import { evaluatePolicy, exactFlows, logTargets, maxentLogPB, normaliseForward } from '../../../graph/exact.ts';
import type { TaskGraph } from '../../../graph/taskGraph.ts';
import { expandSlots } from '../../../supervisor/kernels/expandSlots.ts';
import { storeOf, treeGraph } from '../../../supervisor/kernels/supervisor.fixture.ts';
import { COUNT, capacities, EDGE_STRIDE, HEADER, layoutPlan, NONE, writePlan } from '../../../supervisor/plan.ts';
import { STEP_STRIDE } from '../../kernels/walkSums.ts';
import { frontier } from './frontier.ts';
import { sampleActions } from './sampleActions.ts';
import { startWalks } from './startWalks.ts';

interface Settings {
  readonly epsilon: number;
  readonly temperature: number;
}

/** A tabulated policy in the Supervisor's place: log P_F of each new active edge is read from a table of all edges. */
const tabulated = defineKernel({
  name: 'tabulated',
  about: 'Reads log P_F of new edges from a table',
  wgsl: `
struct Params { edgeRecords: u32 }
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read_write> logPF: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[${COUNT.newEdges}]) { return; }
  let e = plan[${COUNT.edgeBase}] + i;
  logPF[e] = table[plan[p.edgeRecords + e * ${EDGE_STRIDE}u + 3u]];
}`,
  bindings: { plan: 'read u32', table: 'read f32', logPF: 'write f32' },
  params: { edgeRecords: 'u32' },
  twin({ plan, table, logPF }, p) {
    const base = plan[COUNT.edgeBase];
    for (let e = base; e < base + plan[COUNT.newEdges]; e++) {
      logPF[e] = table[plan[p.edgeRecords + e * EDGE_STRIDE + 3]];
    }
  },
});

/** `[edges]` how often walks from the root took each edge. */
async function countEdges(
  backend: Backend,
  graph: TaskGraph,
  policy: Float64Array,
  walks: number,
  { epsilon, temperature }: Settings,
): Promise<Uint32Array> {
  const store = storeOf([graph]);
  const caps = capacities(store, 1, walks);
  const offsets = layoutPlan(store, caps);
  const o = { ...store.offsets, ...offsets };
  const plan = backend.tensor('u32', offsets.length, 'plan');
  const counts = backend.view(plan, 0, HEADER, 'counts');
  const edges = backend.tensor('u32', store.graph.length, 'graph', store.graph);
  const visit = backend.tensor('u32', store.nodes, 'visited');
  const table = backend.tensor('f32', graph.edges, 'policy', policy);
  const logPF = backend.tensor('f32', caps.edges, 'log P_F');
  const schedule = backend.tensor('f32', 2, 'schedule', [epsilon, temperature]);
  const given = backend.tensor(
    'u32',
    walks * caps.maxSteps,
    'given',
    new Uint32Array(walks * caps.maxSteps).fill(NONE),
  );
  const steps = backend.tensor('f32', walks * caps.maxSteps * STEP_STRIDE, 'steps');
  const expandParams = Object.fromEntries(
    Object.keys(expandSlots.params).map((name) => [name, o[name as keyof typeof expandSlots.params]]),
  ) as Record<keyof typeof expandSlots.params, number>;

  const walksAt = { walkNode: o.walkNode, walkSlot: o.walkSlot };
  const round = (t: number): Command[] => [
    dispatch(
      frontier,
      256,
      { plan, graph: edges, visit },
      {
        ...walksAt,
        outStart: o.outStart,
        slotRecords: o.slotRecords,
        slotCapacity: caps.slots,
        edgeCapacity: caps.edges,
      },
    ),
    dispatch(expandSlots, { index: COUNT.newSlots, times: 1, most: caps.slots }, { plan, graph: edges }, expandParams),
    dispatch(
      tabulated,
      { index: COUNT.newEdges, times: 1, most: caps.edges },
      { plan, table, logPF },
      { edgeRecords: o.edgeRecords },
    ),
    dispatch(
      sampleActions,
      walks,
      { plan, graph: edges, logPF, schedule, given, steps },
      {
        ...walksAt,
        slotRecords: o.slotRecords,
        outStart: o.outStart,
        edgeTarget: o.edgeTarget,
        isOutcome: o.isOutcome,
        walkLength: o.walkLength,
        walkEdge: o.walkEdge,
        walkPosition: o.walkPosition,
        maxSteps: caps.maxSteps,
        round: t,
        epsilonIndex: 0,
        first: 1,
      },
    ),
  ];
  const program = await backend.record(
    'sampler',
    [
      dispatch(
        startWalks,
        walks,
        { plan, graph: edges },
        {
          batchTask: o.batchTask,
          taskInfo: o.taskInfo,
          walkNode: o.walkNode,
          walkLength: o.walkLength,
          walkEdge: o.walkEdge,
          walkPosition: o.walkPosition,
          walkEntering: o.walkEntering,
          walksPerTask: walks,
          maxSteps: caps.maxSteps,
        },
      ),
      ...Array.from({ length: caps.maxSteps }, (_, t) => round(t)).flat(),
    ],
    counts,
  );
  const host = new Uint32Array(offsets.walkNode);
  writePlan(store, offsets, [0], { walks, seed: 11, step: 4 }, host);
  backend.write(plan, host);
  await backend.run(program);
  const taken = new Uint32Array(graph.edges);
  for (const edge of await backend.read(backend.view(plan, o.walkEdge, walks * caps.maxSteps, 'walks'))) {
    if (edge !== NONE) taken[edge]++;
  }
  return taken;
}

/** `[edges]` log of `epsilon / degree + (1 - epsilon) softmax(log P_F / temperature)`. */
function sampledPolicy(graph: TaskGraph, logPF: Float64Array, { epsilon, temperature }: Settings): Float64Array {
  const tempered = normaliseForward(
    graph,
    logPF.map((value) => value / temperature),
  );
  return tempered.map((value, e) => {
    const degree = graph.outStart[graph.source[e] + 1] - graph.outStart[graph.source[e]];
    return Math.log(epsilon / degree + (1 - epsilon) * Math.exp(value));
  });
}

/** Pearson's statistic of what walks did at each state they came to, given how often they came. */
function chiSquare(graph: TaskGraph, policy: Float64Array, taken: Uint32Array): number {
  let sum = 0;
  for (let s = 0; s < graph.states; s++) {
    const edges = Array.from({ length: graph.outStart[s + 1] - graph.outStart[s] }, (_, i) => graph.outStart[s] + i);
    const visits = edges.reduce((total, e) => total + taken[e], 0);
    for (const e of edges) {
      const expected = visits * Math.exp(policy[e]);
      if (expected > 0) sum += (taken[e] - expected) ** 2 / expected;
    }
  }
  return sum;
}

/** What chi-square of so many degrees of freedom exceeds once in 31,000 times: z = 4 by Wilson and Hilferty (1931). */
function chiSquareBound(freedom: number): number {
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 4 * Math.sqrt(spread)) ** 3;
}

const graph = treeGraph('merges', 3);
const logTarget = logTargets(graph, 1, 0.1);
/** Samples outcomes in proportion to their reward. */
const policy = exactFlows(graph, logTarget, maxentLogPB(graph)).logPF;
const cases = {
  'the policy itself': { epsilon: 0, temperature: 1 },
  'the uniform policy at epsilon 1': { epsilon: 1, temperature: 1 },
  'a flatter policy at temperature 2': { epsilon: 0, temperature: 2 },
  'a mixture at epsilon 0.3 and temperature 0.5': { epsilon: 0.3, temperature: 0.5 },
} satisfies Record<string, Settings>;

/** The tests, over so many walks. */
export function describeSampler(make: () => Promise<Backend>, walks: number): void {
  describe(`${walks} walks on a tree whose states merge follow`, () => {
    test.each(Object.entries(cases))('%s', async (name, settings) => {
      const backend = await make();
      const taken = await countEdges(backend, graph, policy, walks, settings);
      await expectNoFailure(backend);
      backend.destroy();
      const expected = sampledPolicy(graph, policy, settings);

      // Every walk leaves the root and ends at an outcome, of which the policy says how often.
      const { logReach } = evaluatePolicy(graph, expected);
      const arrivals = new Float64Array(graph.outcomes);
      for (const [e, count] of taken.entries()) {
        if (graph.target[e] >= graph.states) arrivals[graph.target[e] - graph.states] += count;
      }
      expect(arrivals.reduce((a, b) => a + b, 0)).toBe(walks);
      let outcomes = 0;
      for (const [x, count] of arrivals.entries()) {
        const often = walks * Math.exp(logReach[graph.states + x]);
        outcomes += (count - often) ** 2 / often;
      }
      expect(outcomes).toBeLessThan(chiSquareBound(graph.outcomes - 1));

      // One constraint a state: its edges' frequencies add up.
      const bound = chiSquareBound(graph.edges - graph.states);
      expect(chiSquare(graph, expected, taken)).toBeLessThan(bound);
      // So many walks would tell any other of these policies.
      for (const [other, otherSettings] of Object.entries(cases)) {
        if (other === name) continue;
        expect(chiSquare(graph, sampledPolicy(graph, policy, otherSettings), taken), other).toBeGreaterThan(bound);
      }
    });

    test('no chi-square is of cells too rare for it: five expected in each', () => {
      for (const settings of Object.values(cases)) {
        const expected = sampledPolicy(graph, policy, settings);
        const { logReach } = evaluatePolicy(graph, expected);
        const cells = Array.from(expected, (value, e) => walks * Math.exp(logReach[graph.source[e]] + value));
        expect(Math.min(...cells)).toBeGreaterThan(5);
      }
    });
  });
}
