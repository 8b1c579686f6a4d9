import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE } from '../plan.ts';
import wgsl from './everyAction.wgsl?raw';

/**
 * The published form of the backward policy (SkillFlow, 2605.14089): log P_B of each active entering edge as a softmax
 * over ALL actions that are legal in the state it leaves, given the state it enters:
 * `q(s') . k(a) / sqrt(d) - log sum over a' of exp(q(s') . k(a') / sqrt(d))`. What the state before would add is the
 * same for all its actions. Shapes: `keys` `[rows, d]`, `queries` `[targets, d]`, `logPB` `[entering]`.
 */
export const everyAction = defineKernel({
  name: 'everyAction',
  about: 'The published backward policy: a softmax over all actions of the state before',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    keys: 'read f32',
    queries: 'read f32',
    logPB: 'write f32',
  },
  params: {
    enteringRecords: 'u32',
    batchOf: 'u32',
    nodeTask: 'u32',
    outStart: 'u32',
    edgeAction: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, keys, queries, logPB }, p) {
    const d = p.width;
    for (let i = 0; i < plan[COUNT.entering]; i++) {
      const record = p.enteringRecords + i * ENTERING_STRIDE;
      const query = plan[record] * d;
      const node = plan[record + 3];
      const firstRow = plan[p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE + 1];
      const logit = (row: number) => {
        let dot = 0;
        for (let c = 0; c < d; c++) dot += queries[query + c] * keys[row * d + c];
        return dot / Math.sqrt(d);
      };
      let [top, total] = [-Infinity, 0];
      for (let e = graph[p.outStart + node]; e < graph[p.outStart + node + 1]; e++) {
        const value = logit(firstRow + graph[p.edgeAction + e]);
        const higher = Math.max(top, value);
        total = total * Math.exp(top - higher) + Math.exp(value - higher);
        top = higher;
      }
      logPB[i] = logit(plan[record + 1]) - top - Math.log(total);
    }
  },
});
