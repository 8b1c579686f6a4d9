import { defineKernel } from '../kernel.ts';
import { geluSlope } from './gelu.ts';
import wgsl from './geluBackward.wgsl?raw';

/** `dx = dy GELU'(x)` over `rows x columns` elements. */
export const geluBackward = defineKernel({
  name: 'geluBackward',
  about: 'Backward through GELU',
  wgsl,
  bindings: { counts: 'read u32', x: 'read f32', dy: 'read f32', dx: 'write f32' },
  params: { rowsIndex: 'u32', columns: 'u32' },
  twin({ counts, x, dy, dx }, p) {
    const n = counts[p.rowsIndex] * p.columns;
    for (let i = 0; i < n; i++) dx[i] = dy[i] === 0 ? 0 : dy[i] * geluSlope(x[i]);
  },
});
