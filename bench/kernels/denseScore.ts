import { defineKernel } from '../../src/gpu/kernel.ts';
import { geluOf } from '../../src/gpu/kernels/gelu.ts';
import wgsl from './denseScore.wgsl?raw';

/** The logit of every padded edge. `hidden` `[edges, 2 d]` holds the scorer's product in its first half before, and both sides of its GELU after. */
export const denseScore = defineKernel({
  name: 'denseScore',
  about: 'The logit of every padded edge from scorer and pointer',
  wgsl,
  bindings: { edges: 'read f32', states: 'read f32', head: 'read f32', hidden: 'write f32', logits: 'write f32' },
  params: { edges: 'u32', actions: 'u32', width: 'u32' },
  twin({ edges, states, head, hidden, logits }, p) {
    const d = p.width;
    for (let e = 0; e < p.edges; e++) {
      const state = Math.floor(e / p.actions) * 2 * d;
      const at = e * 2 * d;
      let logit = 0;
      let pointer = 0;
      for (let c = 0; c < d; c++) {
        const before = hidden[at + c] + states[state + c];
        const after = geluOf(before);
        hidden[at + c] = before;
        hidden[at + d + c] = after;
        logit += after * head[c];
        pointer += states[state + d + c] * edges[e * 3 * d + c];
      }
      logits[e] = logit + pointer / Math.sqrt(d);
    }
  },
});
