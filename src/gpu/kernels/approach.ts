import { defineKernel } from '../kernel.ts';
import wgsl from './approach.wgsl?raw';

/** A slow copy: `y = slow + rate (fast - slow)`, element by element. */
export const approach = defineKernel({
  name: 'approach',
  about: 'Moves a slow copy towards the values it follows',
  wgsl,
  bindings: { slow: 'read f32', fast: 'read f32', y: 'write f32' },
  params: { length: 'u32', rate: 'f32' },
  twin({ slow, fast, y }, p) {
    for (let i = 0; i < p.length; i++) y[i] = slow[i] + p.rate * (fast[i] - slow[i]);
  },
});
