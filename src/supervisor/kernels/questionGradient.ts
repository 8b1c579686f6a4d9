import { defineKernel } from '../../gpu/kernel.ts';
import { ACTION_ROW_STRIDE, COUNT, NONE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './questionGradient.wgsl?raw';

/** Gradient of what a question gives the scorer's hidden layer, `[rows, d]`, gathered in edge order. */
export const questionGradient = defineKernel({
  name: 'questionGradient',
  about: "Gathers the gradient of the scorer's hidden layer by action",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    visit: 'read u32',
    listed: 'read u32',
    dHidden: 'read f32',
    dQuestions: 'write f32',
  },
  params: {
    slotRecords: 'u32',
    actionRows: 'u32',
    actionInverseStart: 'u32',
    actionInverse: 'u32',
    outStart: 'u32',
    edgeSource: 'u32',
    width: 'u32',
  },
  twin({ plan, graph, visit, listed, dHidden, dQuestions }, p) {
    const d = p.width;
    const sum = new Float64Array(d);
    for (let row = 0; row < plan[COUNT.actionRows]; row++) {
      const inverse = p.actionInverseStart + plan[p.actionRows + row * ACTION_ROW_STRIDE + 1];
      sum.fill(0);
      for (let k = graph[inverse]; k < graph[inverse + 1] && listed[k] !== NONE; k++) {
        const edge = graph[p.actionInverse + listed[k]];
        const node = graph[p.edgeSource + edge];
        const e = plan[p.slotRecords + (visit[node] - 1) * RECORD_STRIDE + 1] + edge - graph[p.outStart + node];
        for (let c = 0; c < d; c++) sum[c] += dHidden[e * d + c];
      }
      for (let c = 0; c < d; c++) dQuestions[row * d + c] = sum[c];
    }
  },
});
