import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE, RECORD, RECORD_STRIDE } from '../plan.ts';
import wgsl from './expandTargets.wgsl?raw';

/**
 * Fills the record of each target and of the edges that enter it. Its node and the place of its first entering
 * edge stand there already; places rise from target to target, and each target is entered by an edge or more.
 * Marks the states that those edges leave.
 */
export const expandTargets = defineKernel({
  name: 'expandTargets',
  about: 'Lists the edges that enter visited nodes',
  wgsl,
  bindings: { plan: 'write u32', graph: 'read u32', isParent: 'write u32' },
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
  twin({ plan, graph, isParent }, p) {
    let v = 0;
    for (let i = 0; i < plan[COUNT.entering]; i++) {
      while (v + 1 < plan[COUNT.targets] && plan[p.targetRecords + (v + 1) * RECORD_STRIDE + RECORD.start] <= i) v++;
      const record = p.targetRecords + v * RECORD_STRIDE;
      const node = plan[record + RECORD.node];
      const j = i - plan[record + RECORD.start];
      const rows = p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE;
      const first = graph[p.inStart + node];
      if (j === 0) {
        const items = graph[p.itemStart + node];
        plan[record + RECORD.degree] = graph[p.inStart + node + 1] - first;
        plan[record + RECORD.items] = p.itemList + items;
        plan[record + RECORD.itemCount] = graph[p.itemStart + node + 1] - items;
        plan[record + RECORD.tokenRow] = plan[rows + 2];
        plan[record + RECORD.batch] = plan[rows];
      }
      const edge = graph[p.inEdge + first + j];
      const at = p.enteringRecords + i * ENTERING_STRIDE;
      plan[at] = v;
      plan[at + 1] = plan[rows + 1] + graph[p.edgeAction + edge];
      plan[at + 2] = edge;
      plan[at + 3] = graph[p.edgeSource + edge];
      isParent[graph[p.edgeSource + edge]] = 1;
    }
  },
});
