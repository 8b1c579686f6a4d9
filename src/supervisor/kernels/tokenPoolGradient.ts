import { defineKernel } from '../../gpu/kernel.ts';
import { geluSlope } from '../../gpu/kernels/gelu.ts';
import { COUNT, NONE, RECORD_STRIDE, TOKEN_ROW_STRIDE } from '../plan.ts';
import wgsl from './tokenPoolGradient.wgsl?raw';

/** Gradient of the pooled part of the token table, gathered through the store's inverse index in node order. */
export const tokenPoolGradient = defineKernel({
  name: 'tokenPoolGradient',
  about: 'Gathers the gradient of pooled items by text',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    tokens: 'read f32',
    dz: 'read f32',
    dTokens: 'write f32',
  },
  params: {
    records: 'u32',
    tokenRows: 'u32',
    tokenInverseStart: 'u32',
    tokenInverseNode: 'u32',
    width: 'u32',
    stride: 'u32',
  },
  twin({ plan, graph, visit, listed, tokens, dz, dTokens }, p) {
    const d = p.width;
    const sum = new Float64Array(d);
    for (let row = 0; row < plan[COUNT.tokenRows]; row++) {
      const inverse = p.tokenInverseStart + plan[p.tokenRows + row * TOKEN_ROW_STRIDE + 1];
      let any = false;
      for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
        const visited = visit[graph[p.tokenInverseNode + listed[k]]];
        if (!any) sum.fill(0);
        any = true;
        const scale = 1 / Math.sqrt(plan[p.records + (visited - 1) * RECORD_STRIDE + 4]);
        const from = (visited - 1) * (2 * d + 1);
        for (let c = 0; c < d; c++) sum[c] += dz[from + c] * scale;
      }
      const at = row * p.stride;
      for (let c = 0; c < d; c++) dTokens[at + c] = any ? sum[c] * geluSlope(tokens[at + c]) : 0;
    }
  },
});
