import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE, NONE } from '../plan.ts';
import wgsl from './everyActionQueries.wgsl?raw';

/** Gradient of each target's query, `[targets, d]`: the weights of the steps that entered it times the keys of their actions. */
export const everyActionQueries = defineKernel({
  name: 'everyActionQueries',
  about: "Gathers the gradient of the published backward policy's queries",
  wgsl,
  bindings: { plan: 'read u32', graph: 'read u32', keys: 'read f32', weights: 'read f32', dQueries: 'write f32' },
  params: {
    targetRecords: 'u32',
    enteringRecords: 'u32',
    batchOf: 'u32',
    nodeTask: 'u32',
    outStart: 'u32',
    edgeAction: 'u32',
    walkEntering: 'u32',
    maxSteps: 'u32',
    maxDegree: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, keys, weights, dQueries }, p) {
    const d = p.width;
    dQueries.fill(0, 0, plan[COUNT.targets] * d);
    for (let j = 0; j < plan[COUNT.walks] * p.maxSteps; j++) {
      const place = plan[p.walkEntering + j];
      if (place === NONE) continue;
      const record = p.enteringRecords + place * ENTERING_STRIDE;
      const node = plan[record + 3];
      const firstRow = plan[p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE + 1];
      const first = graph[p.outStart + node];
      for (let e = first; e < graph[p.outStart + node + 1]; e++) {
        const weight = weights[j * p.maxDegree + e - first];
        const row = firstRow + graph[p.edgeAction + e];
        for (let c = 0; c < d; c++) dQueries[plan[record] * d + c] += weight * keys[row * d + c];
      }
    }
  },
});
