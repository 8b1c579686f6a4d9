import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, ENTERING_STRIDE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './enteringBackward.wgsl?raw';

/** From the backward policy's logits to `dQueries` `[targets, d]` and `dParents` `[targets, d + 1]`. */
export const enteringBackward = defineKernel({
  name: 'enteringBackward',
  about: 'Backward from entering edges to their target',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    activated: 'read f32',
    keys: 'read f32',
    dLogits: 'read f32',
    dQueries: 'write f32',
    dParents: 'write f32',
  },
  params: {
    targetRecords: 'u32',
    enteringRecords: 'u32',
    batchOf: 'u32',
    itemStart: 'u32',
    itemList: 'u32',
    nodeTask: 'u32',
    stepFeature: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, facts, activated, keys, dLogits, dQueries, dParents }, p) {
    const d = p.width;
    const scale = 1 / Math.sqrt(d);
    const sum = new Float64Array(2 * d + 1);
    for (let v = 0; v < plan[COUNT.targets]; v++) {
      const record = p.targetRecords + v * RECORD_STRIDE;
      const first = plan[record + 1];
      const tokenRow = plan[record + 5];
      sum.fill(0);
      for (let e = first; e < first + plan[record + 2]; e++) {
        const g = dLogits[e];
        if (g === 0) continue;
        const at = p.enteringRecords + e * ENTERING_STRIDE;
        const key = plan[at + 1] * d;
        const node = plan[at + 3];
        for (let c = 0; c < d; c++) sum[c] += g * keys[key + c];
        sum[2 * d] += g * facts[p.stepFeature + node];
        const begin = graph[p.itemStart + node];
        const stop = graph[p.itemStart + node + 1];
        const share = g / Math.sqrt(Math.max(stop - begin, 1));
        for (let j = begin; j < stop; j++) {
          const item = (tokenRow + graph[p.itemList + j]) * d;
          for (let c = 0; c < d; c++) sum[d + c] += share * activated[item + c];
        }
      }
      for (let c = 0; c < d; c++) dQueries[v * d + c] = sum[c] * scale;
      for (let c = 0; c <= d; c++) dParents[v * (d + 1) + c] = sum[d + c] * scale;
    }
  },
});
