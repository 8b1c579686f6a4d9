import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, EDGE_STRIDE, RECORD_STRIDE } from '../plan.ts';
import { TASK_STRIDE } from '../taskStore.ts';
import wgsl from './expandSlots.wgsl?raw';

/** Fills the record of each new slot (its node and first edge stand there already) and of the edges that leave it. */
export const expandSlots = defineKernel({
  name: 'expandSlots',
  about: 'Lists the edges that leave newly visited states',
  wgsl,
  bindings: { plan: 'write u32', graph: 'read u32' },
  params: {
    slotRecords: 'u32',
    edgeRecords: 'u32',
    batchOf: 'u32',
    outStart: 'u32',
    itemStart: 'u32',
    itemList: 'u32',
    nodeTask: 'u32',
    taskInfo: 'u32',
    edgeAction: 'u32',
    edgeKind: 'u32',
  },
  twin({ plan, graph }, p) {
    const base = plan[COUNT.slotBase];
    for (let slot = base; slot < base + plan[COUNT.newSlots]; slot++) {
      const record = p.slotRecords + slot * RECORD_STRIDE;
      const node = plan[record];
      const start = plan[record + 1];
      const task = graph[p.nodeTask + node];
      const info = p.taskInfo + task * TASK_STRIDE;
      const rows = p.batchOf + task * BATCH_OF_STRIDE;
      const firstEdge = graph[p.outStart + node];
      const degree = graph[p.outStart + node + 1] - firstEdge;
      const items = graph[p.itemStart + node];
      const itemCount = graph[p.itemStart + node + 1] - items;
      const firstTaskToken = graph[info];
      const tokens = graph[info + 1];
      plan[record + 2] = degree;
      plan[record + 3] = p.itemList + items;
      plan[record + 4] = itemCount;
      plan[record + 5] = plan[rows + 2];
      plan[record + 6] = plan[rows];
      plan[record + 7] = firstTaskToken;
      plan[record + 8] = itemCount + tokens - firstTaskToken;
      for (let j = 0; j < degree; j++) {
        const edge = firstEdge + j;
        const action = graph[p.edgeAction + edge];
        const at = p.edgeRecords + (start + j) * EDGE_STRIDE;
        plan[at] = slot;
        plan[at + 1] = plan[rows + 1] + action;
        plan[at + 2] = graph[info + 2] + action * tokens;
        plan[at + 3] = edge;
        plan[at + 4] = graph[p.edgeKind + edge];
      }
    }
  },
});
