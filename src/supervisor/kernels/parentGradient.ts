import { defineKernel } from '../../gpu/kernel.ts';
import { geluSlope } from '../../gpu/kernels/gelu.ts';
import { COUNT, RECORD_STRIDE, TOKEN_ROW_STRIDE } from '../plan.ts';
import wgsl from './parentGradient.wgsl?raw';

/** Gradient of the backward policy's token table `[rows, d]`: targets' own items, and items of the parents of entering edges. */
export const parentGradient = defineKernel({
  name: 'parentGradient',
  about: "Gathers the backward policy's gradient by item",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    tokens: 'read f32',
    parents: 'read f32',
    dz: 'read f32',
    dLogits: 'read f32',
    dTokens: 'write f32',
  },
  params: {
    targetRecords: 'u32',
    tokenRows: 'u32',
    tokenInverseStart: 'u32',
    tokenInverseNode: 'u32',
    itemStart: 'u32',
    outStart: 'u32',
    edgeTarget: 'u32',
    inRank: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, visit, tokens, parents, dz, dLogits, dTokens }, p) {
    const d = p.width;
    const root = 1 / Math.sqrt(d);
    const sum = new Float64Array(d);
    for (let row = 0; row < plan[COUNT.tokenRows]; row++) {
      const inverse = p.tokenInverseStart + plan[p.tokenRows + row * TOKEN_ROW_STRIDE + 1];
      sum.fill(0);
      for (let j = graph[inverse]; j < graph[inverse + 1]; j++) {
        const node = graph[p.tokenInverseNode + j];
        const scale = 1 / Math.sqrt(graph[p.itemStart + node + 1] - graph[p.itemStart + node]);
        const own = visit[node];
        if (own !== 0) {
          const from = (own - 1) * (2 * d + 1);
          for (let c = 0; c < d; c++) sum[c] += scale * dz[from + c];
        }
        for (let edge = graph[p.outStart + node]; edge < graph[p.outStart + node + 1]; edge++) {
          const visited = visit[graph[p.edgeTarget + edge]];
          if (visited === 0) continue;
          const e = plan[p.targetRecords + (visited - 1) * RECORD_STRIDE + 1] + graph[p.inRank + edge];
          const g = scale * root * dLogits[e];
          if (g === 0) continue;
          const from = (visited - 1) * (d + 1);
          for (let c = 0; c < d; c++) sum[c] += g * parents[from + c];
        }
      }
      for (let c = 0; c < d; c++) dTokens[row * d + c] = sum[c] === 0 ? 0 : sum[c] * geluSlope(tokens[row * d + c]);
    }
  },
});
