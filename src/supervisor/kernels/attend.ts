import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './attend.wgsl?raw';

/**
 * Attention of each new active edge over its state's tokens. Shapes: `actions` `[rows, 3 d]` =
 * [question u | query | pointer key]; `tokens` `[rows, 3 d]` = [pool | key | value]; `inputs`
 * `[edges, 2 (2 d + H)]`, its first half [o | u * o | m] (the second half holds gradients);
 * `weights` `[edges, maxTokens, H, 2]`, the first of each pair written here.
 */
export const attend = defineKernel({
  name: 'attend',
  about: 'Each action attends to the tokens of its state',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    actions: 'read f32',
    tokens: 'read f32',
    gain: 'read f32',
    inputs: 'write f32',
    weights: 'write f32',
  },
  params: { slotRecords: 'u32', edgeRecords: 'u32', width: 'u32', heads: 'u32', maxTokens: 'u32' },
  twin({ plan, graph, facts, actions, tokens, gain, inputs, weights }, p) {
    const { width, heads, maxTokens } = p;
    const size = width / heads;
    const scale = 1 / Math.sqrt(size);
    const scores = new Float64Array(maxTokens);
    const rows = new Int32Array(maxTokens);
    const attended = new Float64Array(size);
    const base = plan[COUNT.edgeBase];
    for (let e = base; e < base + plan[COUNT.newEdges]; e++) {
      const edge = p.edgeRecords + e * EDGE_STRIDE;
      const slot = p.slotRecords + plan[edge] * RECORD_STRIDE;
      const action = plan[edge + 1] * 3 * width;
      const cosines = plan[edge + 2];
      const itemCount = plan[slot + 4];
      const count = plan[slot + 8];
      for (let j = 0; j < count; j++) {
        rows[j] = j < itemCount ? graph[plan[slot + 3] + j] : plan[slot + 7] + j - itemCount;
      }
      const inputAt = e * 2 * (2 * width + heads);
      for (let h = 0; h < heads; h++) {
        const query = action + width + h * size;
        let highest = -Infinity;
        for (let j = 0; j < count; j++) {
          const key = (plan[slot + 5] + rows[j]) * 3 * width + width + h * size;
          let score = 0;
          for (let c = 0; c < size; c++) score += actions[query + c] * tokens[key + c];
          scores[j] = score * scale + gain[h] * facts[cosines + rows[j]];
          highest = Math.max(highest, scores[j]);
        }
        let total = 0;
        for (let j = 0; j < count; j++) {
          scores[j] = Math.exp(scores[j] - highest);
          total += scores[j];
        }
        let matched = 0;
        attended.fill(0);
        for (let j = 0; j < count; j++) {
          const w = scores[j] / total;
          weights[((e * maxTokens + j) * heads + h) * 2] = w;
          matched += w * facts[cosines + rows[j]];
          const value = (plan[slot + 5] + rows[j]) * 3 * width + 2 * width + h * size;
          for (let c = 0; c < size; c++) attended[c] += w * tokens[value + c];
        }
        inputs[inputAt + 2 * width + h] = matched;
        for (let c = 0; c < size; c++) {
          inputs[inputAt + h * size + c] = attended[c];
          inputs[inputAt + width + h * size + c] = attended[c] * actions[action + h * size + c];
        }
      }
    }
  },
});
