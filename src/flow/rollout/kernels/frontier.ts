import { defineKernel } from '../../../gpu/kernel.ts';
import { COUNT, NONE, RECORD_STRIDE } from '../../../supervisor/plan.ts';
import wgsl from './frontier.wgsl?raw';

/**
 * Gives a slot to each state that walks stand in and that was not visited before in this step, in the
 * order of the walks, and finds each walk's slot. `visit` holds slot + 1, or 0.
 */
export const frontier = defineKernel({
  name: 'frontier',
  about: 'Finds the states that walks stand in for the first time',
  wgsl,
  workgroup: 256,
  bindings: { plan: 'write u32', graph: 'read u32', visit: 'write u32' },
  params: {
    walkNode: 'u32',
    walkSlot: 'u32',
    slotRecords: 'u32',
    outStart: 'u32',
    slotCapacity: 'u32',
    edgeCapacity: 'u32',
  },
  twin({ plan, graph, visit }, p) {
    const slotBase = plan[COUNT.slots];
    const edgeBase = plan[COUNT.edges];
    let slot = slotBase;
    let edge = edgeBase;
    for (let w = 0; w < plan[COUNT.walks]; w++) {
      const node = plan[p.walkNode + w];
      if (node === NONE) continue;
      if (visit[node] === 0) {
        plan[p.slotRecords + slot * RECORD_STRIDE] = node;
        plan[p.slotRecords + slot * RECORD_STRIDE + 1] = edge;
        visit[node] = ++slot;
        edge += graph[p.outStart + node + 1] - graph[p.outStart + node];
      }
      plan[p.walkSlot + w] = visit[node] - 1;
    }
    if (slot > p.slotCapacity || edge > p.edgeCapacity) plan[COUNT.overflow] = 1;
    plan[COUNT.newSlots] = slot - slotBase;
    plan[COUNT.newEdges] = edge - edgeBase;
    plan[COUNT.slotBase] = slotBase;
    plan[COUNT.edgeBase] = edgeBase;
    plan[COUNT.slots] = slot;
    plan[COUNT.edges] = edge;
  },
});
