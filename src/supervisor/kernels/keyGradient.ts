import { defineKernel } from '../../gpu/kernel.ts';
import { ACTION_ROW_STRIDE, COUNT, NONE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './keyGradient.wgsl?raw';

/** Gradient of the backward policy's action keys, `[rows, d]`, gathered in edge order. */
export const keyGradient = defineKernel({
  name: 'keyGradient',
  about: "Gathers the backward policy's gradient by action",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    queries: 'read f32',
    dLogits: 'read f32',
    dKeys: 'write f32',
  },
  params: {
    targetRecords: 'u32',
    actionRows: 'u32',
    actionInverseStart: 'u32',
    actionInverse: 'u32',
    edgeTarget: 'u32',
    inRank: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, visit, listed, queries, dLogits, dKeys }, p) {
    const d = p.width;
    const scale = 1 / Math.sqrt(d);
    const sum = new Float64Array(d);
    for (let row = 0; row < plan[COUNT.actionRows]; row++) {
      const inverse = p.actionInverseStart + plan[p.actionRows + row * ACTION_ROW_STRIDE + 1];
      sum.fill(0);
      for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
        const edge = graph[p.actionInverse + listed[k]];
        const visited = visit[graph[p.edgeTarget + edge]];
        const g = dLogits[plan[p.targetRecords + (visited - 1) * RECORD_STRIDE + 1] + graph[p.inRank + edge]];
        const query = (visited - 1) * d;
        for (let c = 0; c < d; c++) sum[c] += g * queries[query + c];
      }
      for (let c = 0; c < d; c++) dKeys[row * d + c] = sum[c] * scale;
    }
  },
});
