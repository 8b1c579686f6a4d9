import { defineKernel } from '../../../gpu/kernel.ts';
import { COUNT, NONE, RECORD_STRIDE } from '../../../supervisor/plan.ts';
import wgsl from './targets.wgsl?raw';

/** Lists each node that walks entered, once, in the order of (walk, step). `entered` holds target + 1, or 0. */
export const targets = defineKernel({
  name: 'targets',
  about: 'Finds the nodes that walks entered',
  wgsl,
  workgroup: 256,
  bindings: { plan: 'write u32', graph: 'read u32', entered: 'write u32' },
  params: {
    walkEdge: 'u32',
    walkEntering: 'u32',
    targetRecords: 'u32',
    inStart: 'u32',
    inRank: 'u32',
    edgeTarget: 'u32',
    maxSteps: 'u32',
    targetCapacity: 'u32',
    enteringCapacity: 'u32',
  },
  twin({ plan, graph, entered }, p) {
    let v = 0;
    let at = 0;
    for (let i = 0; i < plan[COUNT.walks] * p.maxSteps; i++) {
      const edge = plan[p.walkEdge + i];
      if (edge === NONE) continue;
      const node = graph[p.edgeTarget + edge];
      if (entered[node] === 0) {
        plan[p.targetRecords + v * RECORD_STRIDE] = node;
        plan[p.targetRecords + v * RECORD_STRIDE + 1] = at;
        entered[node] = ++v;
        at += graph[p.inStart + node + 1] - graph[p.inStart + node];
      }
      plan[p.walkEntering + i] =
        plan[p.targetRecords + (entered[node] - 1) * RECORD_STRIDE + 1] + graph[p.inRank + edge];
    }
    if (v > p.targetCapacity || at > p.enteringCapacity) plan[COUNT.overflow] = 1;
    plan[COUNT.targets] = v;
    plan[COUNT.entering] = at;
  },
});
