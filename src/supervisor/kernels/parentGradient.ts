import { defineKernel } from '../../gpu/kernel.ts';
import { geluSlope } from '../../gpu/kernels/gelu.ts';
import { COUNT, NONE, RECORD_STRIDE, TOKEN_ROW_STRIDE } from '../plan.ts';
import wgsl from './parentGradient.wgsl?raw';

/** Adds to the gradient of the backward policy's token table, `[rows, d]`, what items get as those of the parents of entering edges. */
export const parentGradient = defineKernel({
  name: 'parentGradient',
  about: "Gathers the backward policy's gradient by item",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    tokens: 'read f32',
    parents: 'read f32',
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
  twin({ plan, graph, visit, listed, tokens, parents, dLogits, dTokens }, p) {
    const d = p.width;
    const root = 1 / Math.sqrt(d);
    const sum = new Float64Array(d);
    for (let row = 0; row < plan[COUNT.tokenRows]; row++) {
      const inverse = p.tokenInverseStart + plan[p.tokenRows + row * TOKEN_ROW_STRIDE + 1];
      sum.fill(0);
      for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
        const node = graph[p.tokenInverseNode + listed[k]];
        const scale = 1 / Math.sqrt(graph[p.itemStart + node + 1] - graph[p.itemStart + node]);
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
      for (let c = 0; c < d; c++) {
        if (sum[c] !== 0) dTokens[row * d + c] += sum[c] * geluSlope(tokens[row * d + c]);
      }
    }
  },
});
