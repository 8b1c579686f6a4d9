/** The kernel of the Supervisor whose invocations work together, on rows of which some entries count. */
import { expect, it } from 'vitest';
import { racesOf } from '../../gpu/testing/races.ts';
import { COUNT, HEADER } from '../plan.ts';
import { listActive } from './listActive.ts';

it('listActive: no two invocations touch the same place without a barrier between', () => {
  const entries = 100;
  const plan = new Uint32Array(HEADER + 2);
  plan[COUNT.actionRows] = 1;
  // [start, end | entry -> edge | edge -> node]
  const order = Array.from({ length: entries }, (_, j) => j);
  const graph = [0, entries, ...order, ...order];
  const tensors = { plan, graph, marks: order.map((node) => node % 2), listed: new Uint32Array(entries) };
  const params = {
    rowsIndex: COUNT.actionRows,
    rows: HEADER,
    rowStride: 2,
    inverseStart: 0,
    inverse: 2,
    nodeOf: 2 + entries,
  };
  expect(racesOf(listActive, tensors, params)).toEqual([]);
  const unguarded = { ...listActive, wgsl: listActive.wgsl.replaceAll('workgroupBarrier();', '') };
  expect(racesOf(unguarded, tensors, params)).not.toEqual([]);
});
