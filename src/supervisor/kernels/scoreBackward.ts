import { defineKernel } from '../../gpu/kernel.ts';
import { geluSlope } from '../../gpu/kernels/gelu.ts';
import { COUNT } from '../plan.ts';
import wgsl from './scoreBackward.wgsl?raw';

/** From logits back to the scorer's hidden layer: `dHidden` `[edges, d]`. */
export const scoreBackward = defineKernel({
  name: 'scoreBackward',
  about: "Backward from logits to the scorer's hidden layer",
  wgsl,
  bindings: { plan: 'read u32', hidden: 'read f32', head: 'read f32', dLogits: 'read f32', dHidden: 'write f32' },
  params: { width: 'u32', skills: 'u32' },
  twin({ plan, hidden, head, dLogits, dHidden }, p) {
    const d = p.width;
    for (let e = 0; e < plan[COUNT.edges]; e++) {
      const g = dLogits[e];
      const at = e * (2 * d + p.skills + 8);
      for (let c = 0; c < d; c++) dHidden[e * d + c] = g === 0 ? 0 : g * head[c] * geluSlope(hidden[at + c]);
    }
  },
});
