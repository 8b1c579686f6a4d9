import { defineKernel } from '../../gpu/kernel.ts';
import { ACTION_ROW_STRIDE, COUNT, NONE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './actionGradient.wgsl?raw';

/** Gradient of the action table, `[rows, 3 d]` = [question | query | pointer key], gathered in edge order. */
export const actionGradient = defineKernel({
  name: 'actionGradient',
  about: 'Gathers the gradient of actions by text',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    states: 'read f32',
    dLogits: 'read f32',
    dEdges: 'read f32',
    dActions: 'write f32',
  },
  params: {
    slotRecords: 'u32',
    actionRows: 'u32',
    actionInverseStart: 'u32',
    actionInverse: 'u32',
    outStart: 'u32',
    edgeSource: 'u32',
    width: 'u32',
    heads: 'u32',
  },
  twin({ plan, graph, visit, listed, states, dLogits, dEdges, dActions }, p) {
    const { width: d, heads } = p;
    const scale = 1 / Math.sqrt(d);
    const sum = new Float64Array(3 * d);
    for (let row = 0; row < plan[COUNT.actionRows]; row++) {
      const inverse = p.actionInverseStart + plan[p.actionRows + row * ACTION_ROW_STRIDE + 1];
      sum.fill(0);
      for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
        const edge = graph[p.actionInverse + listed[k]];
        const node = graph[p.edgeSource + edge];
        const slot = visit[node] - 1;
        const e = plan[p.slotRecords + slot * RECORD_STRIDE + 1] + edge - graph[p.outStart + node];
        const at = e * (3 * d + heads);
        for (let c = 0; c < 2 * d; c++) sum[c] += dEdges[at + c];
        const g = dLogits[e] * scale;
        for (let c = 0; c < d; c++) sum[2 * d + c] += g * states[slot * 2 * d + d + c];
      }
      for (let c = 0; c < 3 * d; c++) dActions[row * 3 * d + c] = sum[c];
    }
  },
});
