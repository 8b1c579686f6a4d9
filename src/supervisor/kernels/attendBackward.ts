import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, RECORD_STRIDE } from '../plan.ts';
import wgsl from './attendBackward.wgsl?raw';

/**
 * Back through attention. Reads the scorer's input and its gradient (`inputs`, two halves), writes
 * the gradients of scores beside the weights, and per edge `dEdges` `[edges, 3 d + H]` =
 * [du | dquery | do | dgain].
 */
export const attendBackward = defineKernel({
  name: 'attendBackward',
  about: 'Backward through attention, to queries and scores',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    actions: 'read f32',
    tokens: 'read f32',
    inputs: 'read f32',
    weights: 'write f32',
    dEdges: 'write f32',
  },
  params: { slotRecords: 'u32', edgeRecords: 'u32', width: 'u32', heads: 'u32', maxTokens: 'u32' },
  twin({ plan, graph, facts, actions, tokens, inputs, weights, dEdges }, p) {
    const { width: d, heads, maxTokens } = p;
    const size = d / heads;
    const scale = 1 / Math.sqrt(size);
    const half = 2 * d + heads;
    const dQuery = new Float64Array(size);
    for (let e = 0; e < plan[COUNT.edges]; e++) {
      const edge = p.edgeRecords + e * EDGE_STRIDE;
      const slot = p.slotRecords + plan[edge] * RECORD_STRIDE;
      const cosines = plan[edge + 2];
      const itemCount = plan[slot + 4];
      const count = plan[slot + 8];
      for (let h = 0; h < heads; h++) {
        const question = plan[edge + 1] * 3 * d + h * size;
        const o = e * 2 * half + h * size;
        const dO = o + half;
        const out = e * (3 * d + heads) + h * size;
        const dMatched = inputs[e * 2 * half + half + 2 * d + h];
        let mean = dMatched * inputs[e * 2 * half + 2 * d + h];
        for (let c = 0; c < size; c++) {
          const g = inputs[dO + c] + inputs[dO + d + c] * actions[question + c];
          dEdges[out + c] = inputs[dO + d + c] * inputs[o + c];
          dEdges[out + 2 * d + c] = g;
          mean += g * inputs[o + c];
        }
        dQuery.fill(0);
        let dGain = 0;
        for (let j = 0; j < count; j++) {
          const token = j < itemCount ? graph[plan[slot + 3] + j] : plan[slot + 7] + j - itemCount;
          const row = (plan[slot + 5] + token) * 3 * d + h * size;
          const cosine = facts[cosines + token];
          let dWeight = dMatched * cosine;
          for (let c = 0; c < size; c++) dWeight += dEdges[out + 2 * d + c] * tokens[row + 2 * d + c];
          const at = ((e * maxTokens + j) * heads + h) * 2;
          const dScore = weights[at] * (dWeight - mean);
          weights[at + 1] = dScore;
          dGain += dScore * cosine;
          for (let c = 0; c < size; c++) dQuery[c] += dScore * scale * tokens[row + d + c];
        }
        for (let c = 0; c < size; c++) dEdges[out + d + c] = dQuery[c];
        dEdges[e * (3 * d + heads) + 3 * d + h] = dGain;
      }
    }
  },
});
