import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, ENTERING_STRIDE, NONE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './everyActionKeys.wgsl?raw';

/**
 * What each active leaving edge gives the gradient of its action's key, `[edges, d]`: the weights of the steps that left
 * its state times the queries of where they went. `questionGradient` adds them up by action.
 */
export const everyActionKeys = defineKernel({
  name: 'everyActionKeys',
  about: "Gathers the gradient of the published backward policy's keys by leaving edge",
  wgsl,
  bindings: { plan: 'read u32', queries: 'read f32', weights: 'read f32', dKeys: 'write f32' },
  params: {
    slotRecords: 'u32',
    edgeRecords: 'u32',
    enteringRecords: 'u32',
    walkPosition: 'u32',
    walkEntering: 'u32',
    maxSteps: 'u32',
    maxDegree: 'u32',
    width: 'u32',
  },
  twin({ plan, queries, weights, dKeys }, p) {
    const d = p.width;
    dKeys.fill(0, 0, plan[COUNT.edges] * d);
    for (let j = 0; j < plan[COUNT.walks] * p.maxSteps; j++) {
      const position = plan[p.walkPosition + j];
      if (position === NONE) continue;
      const slot = p.slotRecords + plan[p.edgeRecords + position * EDGE_STRIDE] * RECORD_STRIDE;
      const query = plan[p.enteringRecords + plan[p.walkEntering + j] * ENTERING_STRIDE] * d;
      for (let k = 0; k < plan[slot + 2]; k++) {
        const weight = weights[j * p.maxDegree + k];
        for (let c = 0; c < d; c++) dKeys[(plan[slot + 1] + k) * d + c] += weight * queries[query + c];
      }
    }
  },
});
