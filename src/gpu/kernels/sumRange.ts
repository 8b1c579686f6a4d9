import { defineKernel } from '../kernel.ts';
import wgsl from './sumRange.wgsl?raw';

/** `y[out] = sum of x[first .. first + length - 1]`, by one invocation, in order. */
export const sumRange = defineKernel({
  name: 'sumRange',
  about: 'Adds a short range in order',
  wgsl,
  bindings: { x: 'read f32', y: 'write f32' },
  params: { first: 'u32', length: 'u32', out: 'u32' },
  twin({ x, y }, p) {
    let sum = 0;
    for (let k = 0; k < p.length; k++) sum += x[p.first + k];
    y[p.out] = sum;
  },
});
