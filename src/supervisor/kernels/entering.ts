import { defineKernel } from '../../gpu/kernel.ts';
import { BATCH_OF_STRIDE, COUNT, ENTERING_STRIDE } from '../plan.ts';
import wgsl from './entering.wgsl?raw';

/**
 * The backward policy's logit of each active entering edge: the parent is read by its pooled items
 * and its step, so an edge costs a gather and no network. Shapes: `keys` `[rows, d]`, `queries`
 * `[targets, d]`, `parents` `[targets, d + 1]`, `logits` `[entering]`.
 */
export const entering = defineKernel({
  name: 'entering',
  about: "The backward policy's logit of each entering edge",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    activated: 'read f32',
    keys: 'read f32',
    queries: 'read f32',
    parents: 'read f32',
    logits: 'write f32',
  },
  params: {
    enteringRecords: 'u32',
    batchOf: 'u32',
    itemStart: 'u32',
    itemList: 'u32',
    nodeTask: 'u32',
    stepFeature: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, facts, activated, keys, queries, parents, logits }, p) {
    const d = p.width;
    for (let i = 0; i < plan[COUNT.entering]; i++) {
      const record = p.enteringRecords + i * ENTERING_STRIDE;
      const query = plan[record] * d;
      const parent = plan[record] * (d + 1);
      const key = plan[record + 1] * d;
      const node = plan[record + 3];
      const tokenRow = plan[p.batchOf + graph[p.nodeTask + node] * BATCH_OF_STRIDE + 2];
      const first = graph[p.itemStart + node];
      const end = graph[p.itemStart + node + 1];
      let acc = parents[parent + d] * facts[p.stepFeature + node];
      for (let c = 0; c < d; c++) acc += queries[query + c] * keys[key + c];
      let pooled = 0;
      for (let j = first; j < end; j++) {
        const item = (tokenRow + graph[p.itemList + j]) * d;
        for (let c = 0; c < d; c++) pooled += parents[parent + c] * activated[item + c];
      }
      logits[i] = (acc + pooled / Math.sqrt(Math.max(end - first, 1))) / Math.sqrt(d);
    }
  },
});
