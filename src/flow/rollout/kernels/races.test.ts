/** The kernels of the rollout whose invocations work together, on walks that meet in the same nodes. */
import { expect, it } from 'vitest';
import { racesOf } from '../../../gpu/testing/races.ts';
import { COUNT, NONE } from '../../../supervisor/plan.ts';
import { frontier } from './frontier.ts';
import { targets } from './targets.ts';

const NODES = 6;

it('frontier: no two invocations touch the same place without a barrier between', () => {
  const walks = 20;
  const walkNode = 100;
  const plan = new Uint32Array(600);
  plan[COUNT.walks] = walks;
  // No walk is over: the interpreter of wgsl_reflect 1.6 evaluates both sides of `||`, and indexes with NONE.
  for (let w = 0; w < walks; w++) plan[walkNode + w] = w % NODES;
  // Two edges leave each node.
  const graph = Uint32Array.from({ length: NODES + 1 }, (_, node) => 2 * node);
  const tensors = { plan, graph, visit: new Uint32Array(NODES) };
  const params = { walkNode, walkSlot: 200, slotRecords: 300, outStart: 0, slotCapacity: 20, edgeCapacity: 40 };
  expect(racesOf(frontier, tensors, params)).toEqual([]);
  const unguarded = { ...frontier, wgsl: frontier.wgsl.replaceAll('workgroupBarrier();', '') };
  expect(racesOf(unguarded, tensors, params)).not.toEqual([]);
});

it('targets: no two invocations touch the same place without a barrier between', () => {
  const walks = 10;
  const maxSteps = 3;
  const walkEdge = 100;
  const edges = 2 * NODES;
  const plan = new Uint32Array(600);
  plan[COUNT.walks] = walks;
  for (let i = 0; i < walks * maxSteps; i++) plan[walkEdge + i] = i % 7 === 6 ? NONE : (5 * i) % edges;
  // Two edges enter each node: edge e enters node floor(e / 2) with rank e mod 2.
  const inStart = Array.from({ length: NODES + 1 }, (_, node) => 2 * node);
  const inRank = Array.from({ length: edges }, (_, edge) => edge % 2);
  const edgeTarget = Array.from({ length: edges }, (_, edge) => Math.floor(edge / 2));
  const tensors = { plan, graph: [...inStart, ...inRank, ...edgeTarget], entered: new Uint32Array(NODES) };
  const params = {
    walkEdge,
    walkEntering: 200,
    targetRecords: 300,
    inStart: 0,
    inRank: inStart.length,
    edgeTarget: inStart.length + inRank.length,
    maxSteps,
    targetCapacity: 30,
    enteringCapacity: 60,
  };
  expect(racesOf(targets, tensors, params)).toEqual([]);
  const unguarded = { ...targets, wgsl: targets.wgsl.replaceAll('workgroupBarrier();', '') };
  expect(racesOf(unguarded, tensors, params)).not.toEqual([]);
});
