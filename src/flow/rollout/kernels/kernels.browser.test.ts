/** The kernels of the rollout against their twins, in every round of a step. */
import { describe, expect, it, test } from 'vitest';
import { dispatchesOf, expectTwin, SIZES } from '../../../gpu/kernels/twins.fixture.ts';
import { COUNT } from '../../../supervisor/plan.ts';
import { frontier } from './frontier.ts';
import { capturedRollout } from './rollout.fixture.ts';
import { sampleActions } from './sampleActions.ts';
import { startWalks } from './startWalks.ts';
import { targets } from './targets.ts';

describe.each(SIZES)('with %i walks', async (walks) => {
  const captured = await capturedRollout(walks);

  it.each([startWalks, targets])('$name does what its twin does', async (once) => {
    for (const { kernel, setup } of dispatchesOf(captured, once)) {
      const wrote = await expectTwin(kernel, setup);
      if (walks > 0) expect(wrote).toBe(true);
    }
  });

  it.each([frontier, sampleActions])('$name does in each round what its twin does', async (inRounds) => {
    const rounds = dispatchesOf(captured, inRounds);
    expect(rounds.length).toBeGreaterThanOrEqual(3);
    for (const [t, { kernel, setup }] of rounds.entries()) {
      const wrote = await expectTwin(kernel, setup);
      if (t === 0 && walks > 0) expect(wrote).toBe(true);
    }
  });

  test('sampleActions takes given edges as its twin does', async () => {
    for (const { kernel, setup } of dispatchesOf(await capturedRollout(walks, { given: true }), sampleActions)) {
      await expectTwin(kernel, setup);
    }
  });
});

describe('more walks than one workgroup has invocations, and more than there is room for', () => {
  const walks = 700;
  const nodes = 40;
  const walkNode = 64;

  test('frontier finds each state once, in the order of the walks, though some are known and some walks are over', async () => {
    const plan = new Uint32Array(4096);
    plan[COUNT.walks] = walks;
    plan[COUNT.slots] = 2;
    plan[COUNT.edges] = 5;
    for (let w = 0; w < walks; w++) plan[walkNode + w] = w % 11 === 5 ? 0xffffffff : (w * 17 + (w >> 3)) % nodes;
    const visit = new Uint32Array(nodes);
    visit.set([1, 2], 3);
    const graph = Uint32Array.from({ length: nodes + 1 }, (_, node) => (node * (node + 1)) / 2);
    const wrote = await expectTwin(frontier, {
      tensors: { plan, graph, visit },
      params: { walkNode, walkSlot: 1000, slotRecords: 2000, outStart: 0, slotCapacity: nodes, edgeCapacity: 10_000 },
      invocations: 256,
    });
    expect(wrote).toBe(true);
  });

  test('targets finds each node once, in the order of walks and steps', async () => {
    const maxSteps = 2;
    const edges = 2 * nodes;
    const walkEdge = 64;
    const plan = new Uint32Array(4096);
    plan[COUNT.walks] = walks;
    for (let i = 0; i < walks * maxSteps; i++)
      plan[walkEdge + i] = i % 9 === 8 ? 0xffffffff : (i * 13 + (i >> 4)) % edges;
    // Two edges enter each node: edge e enters node floor(e / 2) with rank e mod 2.
    const inStart = Array.from({ length: nodes + 1 }, (_, node) => 2 * node);
    const inRank = Array.from({ length: edges }, (_, edge) => edge % 2);
    const edgeTarget = Array.from({ length: edges }, (_, edge) => edge >> 1);
    const wrote = await expectTwin(targets, {
      tensors: { plan, graph: [...inStart, ...inRank, ...edgeTarget], entered: new Uint32Array(nodes) },
      params: {
        walkEdge,
        walkEntering: 1500,
        targetRecords: 3000,
        inStart: 0,
        inRank: inStart.length,
        edgeTarget: inStart.length + inRank.length,
        maxSteps,
        targetCapacity: nodes,
        enteringCapacity: edges,
      },
      invocations: 256,
    });
    expect(wrote).toBe(true);
  });

  test.each([
    ['states', { slotCapacity: nodes - 1, edgeCapacity: 10_000 }],
    ['edges', { slotCapacity: nodes, edgeCapacity: 19 }],
  ])('frontier raises the overflow flag where there are too many %s', async (_, capacity) => {
    const plan = new Uint32Array(4096);
    plan[COUNT.walks] = nodes;
    for (let w = 0; w < nodes; w++) plan[walkNode + w] = w;
    const graph = Uint32Array.from({ length: nodes + 1 }, (_, node) => node >> 1);
    const setup = {
      tensors: { plan, graph, visit: new Uint32Array(nodes) },
      params: { walkNode, walkSlot: 1000, slotRecords: 2000, outStart: 0, ...capacity },
      invocations: 256,
    };
    await expectTwin(frontier, setup);
    const after = plan.slice();
    frontier.twin({ plan: after, graph, visit: new Uint32Array(nodes) }, setup.params);
    expect(after[COUNT.overflow]).toBe(1);
  });

  test.each([
    ['nodes', { targetCapacity: nodes - 1, enteringCapacity: 10_000 }],
    ['edges', { targetCapacity: nodes, enteringCapacity: nodes - 1 }],
  ])('targets raises the overflow flag where there are too many %s', async (_, capacity) => {
    const walkEdge = 64;
    const plan = new Uint32Array(4096);
    plan[COUNT.walks] = nodes;
    // Edge e enters node e, alone.
    for (let w = 0; w < nodes; w++) plan[walkEdge + w] = w;
    const numbers = Array.from({ length: nodes + 1 }, (_, i) => i);
    const graph = Uint32Array.from([...numbers, ...numbers, ...numbers.map(() => 0)]);
    const setup = {
      tensors: { plan, graph, entered: new Uint32Array(nodes) },
      params: {
        walkEdge,
        walkEntering: 1500,
        targetRecords: 3000,
        inStart: 0,
        edgeTarget: numbers.length,
        inRank: 2 * numbers.length,
        maxSteps: 1,
        ...capacity,
      },
      invocations: 256,
    };
    await expectTwin(targets, setup);
    const after = plan.slice();
    targets.twin({ plan: after, graph, entered: new Uint32Array(nodes) }, setup.params);
    expect(after[COUNT.overflow]).toBe(1);
  });
});
