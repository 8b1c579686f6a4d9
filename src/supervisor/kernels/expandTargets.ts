import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './expandTargets.wgsl?raw';

/** Fills the record of each target (its node and first entering edge stand there already) and of the edges that enter it. */
export const expandTargets = defineKernel({
  name: 'expandTargets',
  about: 'Lists the edges that enter visited nodes',
  wgsl,
  keepsCounts: true,
  bindings: { plan: 'write u32', graph: 'read u32' },
  params: {
    targetRecords: 'u32',
    enteringRecords: 'u32',
    batchOf: 'u32',
    inStart: 'u32',
    inEdge: 'u32',
    itemStart: 'u32',
    itemList: 'u32',
    nodeTask: 'u32',
    edgeSource: 'u32',
    edgeAction: 'u32',
  },
  twin({ plan, graph }, p) {
    for (let v = 0; v < plan[COUNT.targets]; v++) {
      const record = p.targetRecords + v * RECORD_STRIDE;
      const node = plan[record];
      const start = plan[record + 1];
      const rows = p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE;
      const first = graph[p.inStart + node];
      const degree = graph[p.inStart + node + 1] - first;
      const items = graph[p.itemStart + node];
      plan[record + 2] = degree;
      plan[record + 3] = p.itemList + items;
      plan[record + 4] = graph[p.itemStart + node + 1] - items;
      plan[record + 5] = plan[rows + 2];
      plan[record + 6] = plan[rows];
      for (let j = 0; j < degree; j++) {
        const edge = graph[p.inEdge + first + j];
        const at = p.enteringRecords + (start + j) * ENTERING_STRIDE;
        plan[at] = v;
        plan[at + 1] = plan[rows + 1] + graph[p.edgeAction + edge];
        plan[at + 2] = edge;
        plan[at + 3] = graph[p.edgeSource + edge];
      }
    }
  },
});
