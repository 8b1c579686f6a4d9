import { defineKernel } from '../kernel.ts';
import wgsl from './adamw.wgsl?raw';

/**
 * AdamW (Loshchilov and Hutter 2019, 1711.05101) over one parameter group, beta1 0.9, beta2 0.999,
 * with the gradient clipped to `clip` by the norm of its GROUP, so that an unsettled log Z does not
 * throttle the policy. `norms[group]` holds the squared norm. The rate is
 * `scale * schedule[rateIndex]`; the bias corrections stand at `schedule[correctionIndex]` and the next.
 */
export const adamw = defineKernel({
  name: 'adamw',
  about: 'Updates a parameter group, clipped by its own gradient norm',
  wgsl,
  bindings: {
    schedule: 'read f32',
    norms: 'read f32',
    gradient: 'read f32',
    parameter: 'write f32',
    first: 'write f32',
    second: 'write f32',
  },
  params: {
    first: 'u32',
    length: 'u32',
    group: 'u32',
    rateIndex: 'u32',
    correctionIndex: 'u32',
    scale: 'f32',
    decay: 'f32',
    clip: 'f32',
  },
  twin({ schedule, norms, gradient, parameter, first, second }, p) {
    const norm = Math.sqrt(norms[p.group]);
    const factor = norm > p.clip ? p.clip / norm : 1;
    const rate = p.scale * schedule[p.rateIndex];
    const c1 = schedule[p.correctionIndex];
    const c2 = schedule[p.correctionIndex + 1];
    for (let at = p.first; at < p.first + p.length; at++) {
      const g = gradient[at] * factor;
      const m = 0.9 * first[at] + 0.1 * g;
      const v = 0.999 * second[at] + 0.001 * g * g;
      first[at] = m;
      second[at] = v;
      parameter[at] -= rate * (m / c1 / (Math.sqrt(v / c2) + 1e-8) + p.decay * parameter[at]);
    }
  },
});
