import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, NONE, RECORD_STRIDE, TOKEN_ROW_STRIDE } from '../plan.ts';
import wgsl from './tokenAttentionGradient.wgsl?raw';

/** Gradient of keys and values by token row, `dTokens[:, d .. 3 d - 1]`, gathered in the order of nodes and edges. */
export const tokenAttentionGradient = defineKernel({
  name: 'tokenAttentionGradient',
  about: 'Gathers the gradient of keys and values by text',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    actions: 'read f32',
    weights: 'read f32',
    dEdges: 'read f32',
    dTokens: 'write f32',
  },
  params: {
    slotRecords: 'u32',
    edgeRecords: 'u32',
    tokenRows: 'u32',
    tokenInverseStart: 'u32',
    tokenInverseNode: 'u32',
    tokenInversePosition: 'u32',
    width: 'u32',
    heads: 'u32',
    maxTokens: 'u32',
  },
  twin({ plan, graph, visit, listed, actions, weights, dEdges, dTokens }, p) {
    const { width: d, heads, maxTokens } = p;
    const size = d / heads;
    const scale = 1 / Math.sqrt(size);
    const sum = new Float64Array(2 * d);
    const share = (slot: number, position: number) => {
      const record = p.slotRecords + slot * RECORD_STRIDE;
      const first = plan[record + 1];
      for (let e = first; e < first + plan[record + 2]; e++) {
        const query = plan[p.edgeRecords + e * EDGE_STRIDE + 1] * 3 * d + d;
        const dO = e * (3 * d + heads) + 2 * d;
        for (let h = 0; h < heads; h++) {
          const at = ((e * maxTokens + position) * heads + h) * 2;
          const w = weights[at];
          const ds = weights[at + 1];
          for (let c = h * size; c < (h + 1) * size; c++) {
            sum[c] += ds * actions[query + c];
            sum[d + c] += w * dEdges[dO + c];
          }
        }
      }
    };
    for (let row = 0; row < plan[COUNT.tokenRows]; row++) {
      const info = p.tokenRows + row * TOKEN_ROW_STRIDE;
      const taskToken = plan[info + 3];
      sum.fill(0);
      if (taskToken === 0) {
        const inverse = p.tokenInverseStart + plan[info + 1];
        for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
          share(visit[graph[p.tokenInverseNode + listed[k]]] - 1, graph[p.tokenInversePosition + listed[k]]);
        }
      } else {
        for (let slot = 0; slot < plan[COUNT.slots]; slot++) {
          const record = p.slotRecords + slot * RECORD_STRIDE;
          if (plan[record + 6] === plan[info + 2]) share(slot, plan[record + 4] + taskToken - 1);
        }
      }
      for (let c = 0; c < d; c++) {
        dTokens[row * 3 * d + d + c] = sum[c] * scale;
        dTokens[row * 3 * d + 2 * d + c] = sum[d + c];
      }
    }
  },
});
