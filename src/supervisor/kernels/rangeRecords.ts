import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, RECORD_STRIDE } from '../plan.ts';
import wgsl from './rangeRecords.wgsl?raw';

/**
 * Makes slots (or targets) of the nodes `firstNode .. firstNode + count - 1`, for exact evaluation in
 * chunks. `edgeStart` is where the store keeps `outStart` (or `inStart`).
 */
export const rangeRecords = defineKernel({
  name: 'rangeRecords',
  about: 'Makes slots of a range of nodes, for exact evaluation',
  wgsl,
  bindings: { plan: 'write u32', graph: 'read u32' },
  params: { records: 'u32', countIndex: 'u32', edgeStart: 'u32' },
  twin({ plan, graph }, p) {
    const first = plan[COUNT.firstNode];
    for (let i = 0; i < plan[p.countIndex]; i++) {
      plan[p.records + i * RECORD_STRIDE] = first + i;
      plan[p.records + i * RECORD_STRIDE + 1] = graph[p.edgeStart + first + i] - graph[p.edgeStart + first];
    }
  },
});
