import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE, NONE } from '../plan.ts';
import wgsl from './everyActionWeights.wgsl?raw';

/**
 * Gradient of the loss in front of the logit of each action that each step of a walk might have come by,
 * `[walks, maxSteps, maxDegree]`, divided by sqrt(d): the step's coefficient times (1 if taken) - P_B.
 */
export const everyActionWeights = defineKernel({
  name: 'everyActionWeights',
  about: 'From the loss of each step to the logits of all actions of the state before',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    keys: 'read f32',
    queries: 'read f32',
    logPB: 'read f32',
    coefficients: 'read f32',
    weights: 'write f32',
  },
  params: {
    enteringRecords: 'u32',
    batchOf: 'u32',
    nodeTask: 'u32',
    outStart: 'u32',
    edgeAction: 'u32',
    walkEntering: 'u32',
    maxSteps: 'u32',
    maxDegree: 'u32',
    column: 'u32',
    stride: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, keys, queries, logPB, coefficients, weights }, p) {
    const d = p.width;
    for (let j = 0; j < plan[COUNT.walks] * p.maxSteps; j++) {
      const place = plan[p.walkEntering + j];
      if (place === NONE) continue;
      const record = p.enteringRecords + place * ENTERING_STRIDE;
      const query = plan[record] * d;
      const [row, edge, node] = [plan[record + 1], plan[record + 2], plan[record + 3]];
      const firstRow = plan[p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE + 1];
      const logit = (of: number) => {
        let dot = 0;
        for (let c = 0; c < d; c++) dot += queries[query + c] * keys[of * d + c];
        return dot / Math.sqrt(d);
      };
      const total = logit(row) - logPB[place];
      const first = graph[p.outStart + node];
      for (let e = first; e < graph[p.outStart + node + 1]; e++) {
        const probability = Math.exp(logit(firstRow + graph[p.edgeAction + e]) - total);
        weights[j * p.maxDegree + e - first] =
          (coefficients[j * p.stride + p.column] * ((e === edge ? 1 : 0) - probability)) / Math.sqrt(d);
      }
    }
  },
});
