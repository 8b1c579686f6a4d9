import { defineKernel } from '../../gpu/kernel.ts';
import { RECORD_STRIDE } from '../plan.ts';
import wgsl from './statePool.wgsl?raw';

/** A trunk's input for slots or targets: `z = [sum_i GELU(W e_i + b) / sqrt(n) ; W_q e_task ; step]`, `[rows, 2 width + 1]`. */
export const statePool = defineKernel({
  name: 'statePool',
  about: "Pools a state's items into the trunk's input",
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    activated: 'read f32',
    task: 'read f32',
    z: 'write f32',
  },
  params: { records: 'u32', rowsIndex: 'u32', baseIndex: 'u32', width: 'u32', stepFeature: 'u32' },
  twin({ plan, graph, facts, activated, task, z }, p) {
    const { width } = p;
    const base = plan[p.baseIndex];
    const sum = new Float64Array(width);
    for (let row = base; row < base + plan[p.rowsIndex]; row++) {
      const record = p.records + row * RECORD_STRIDE;
      const items = plan[record + 3];
      const count = plan[record + 4];
      const at = row * (2 * width + 1);
      sum.fill(0);
      for (let j = 0; j < count; j++) {
        const from = (plan[record + 5] + graph[items + j]) * width;
        for (let c = 0; c < width; c++) sum[c] += activated[from + c];
      }
      const scale = 1 / Math.sqrt(Math.max(count, 1));
      for (let c = 0; c < width; c++) {
        z[at + c] = sum[c] * scale;
        z[at + width + c] = task[plan[record + 6] * width + c];
      }
      z[at + 2 * width] = facts[p.stepFeature + plan[record]];
    }
  },
});
