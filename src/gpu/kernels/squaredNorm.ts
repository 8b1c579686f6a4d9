import { defineKernel } from '../kernel.ts';
import wgsl from './squaredNorm.wgsl?raw';

/** Elements a partial sum of squares covers. */
export const NORM_CHUNK = 1024;

/** Partial sums of squares of `x[first .. first + length - 1]`, one per 1024 elements, at `partial[out ..]`. */
export const squaredNorm = defineKernel({
  name: 'squaredNorm',
  about: 'Partial sums of squares of a gradient group',
  wgsl,
  bindings: { x: 'read f32', partial: 'write f32' },
  params: { first: 'u32', length: 'u32', out: 'u32' },
  twin({ x, partial }, p) {
    for (let j = 0; j * NORM_CHUNK < p.length; j++) {
      let sum = 0;
      for (let k = j * NORM_CHUNK; k < Math.min((j + 1) * NORM_CHUNK, p.length); k++) sum += x[p.first + k] ** 2;
      partial[p.out + j] = sum;
    }
  },
});
