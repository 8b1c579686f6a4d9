import { defineKernel } from '../../gpu/kernel.ts';
import { geluOf } from '../../gpu/kernels/gelu.ts';
import { COUNT, EDGE_STRIDE } from '../plan.ts';
import { FEATURES, KINDS } from '../taskStore.ts';
import wgsl from './score.wgsl?raw';

/**
 * The logit of each new active edge. Shapes: `actions` `[rows, 3 d]`, `questions` `[rows, d]`,
 * `states` `[slots, 2 d]` = [into the scorer | pointer query], `head` `[d + skills + 8]`, `hidden`
 * `[edges, 2 d + skills + 8]`, `logits` `[edges]`.
 */
export const score = defineKernel({
  name: 'score',
  about: 'The logit of each edge from attention, question, state, pointer and matches',
  wgsl,
  bindings: {
    plan: 'read u32',
    facts: 'read f32',
    actions: 'read f32',
    questions: 'read f32',
    states: 'read f32',
    head: 'read f32',
    hidden: 'write f32',
    logits: 'write f32',
  },
  params: { edgeRecords: 'u32', features: 'u32', width: 'u32', skills: 'u32' },
  twin({ plan, facts, actions, questions, states, head, hidden, logits }, p) {
    const d = p.width;
    const base = plan[COUNT.edgeBase];
    for (let e = base; e < base + plan[COUNT.newEdges]; e++) {
      const record = p.edgeRecords + e * EDGE_STRIDE;
      const slot = plan[record] * 2 * d;
      const row = plan[record + 1];
      const kind = plan[record + 4] % KINDS;
      const skill = Math.floor(plan[record + 4] / KINDS);
      const at = e * (2 * d + p.skills + 8);
      const known = d + p.skills;
      let logit = 0;
      let pointer = 0;
      for (let c = 0; c < d; c++) {
        const before = hidden[at + c] + questions[row * d + c] + states[slot + c];
        const after = geluOf(before);
        hidden[at + c] = before;
        hidden[at + d + c] = after;
        logit += after * head[c];
        pointer += states[slot + d + c] * actions[row * 3 * d + 2 * d + c];
      }
      for (let k = 0; k < p.skills; k++) hidden[at + 2 * d + k] = k + 1 === skill ? 1 : 0;
      if (skill > 0 && skill <= p.skills) logit += head[d + skill - 1];
      for (let k = 0; k < KINDS; k++) hidden[at + d + known + k] = k === kind ? 1 : 0;
      logit += head[known + kind];
      for (let k = 0; k < FEATURES; k++) {
        const f = facts[p.features + plan[record + 3] * FEATURES + k];
        hidden[at + d + known + KINDS + k] = f;
        logit += f * head[known + KINDS + k];
      }
      hidden[at + d + known + KINDS + FEATURES] = 0;
      logits[e] = logit + pointer / Math.sqrt(d);
    }
  },
});
