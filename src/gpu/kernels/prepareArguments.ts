import { grid } from '../grid.ts';
import { defineKernel } from '../kernel.ts';
import wgsl from './prepareArguments.wgsl?raw';

/** Fills the indirect arguments of every dynamic dispatch of a program; see `schedule`. */
export const prepareArguments = defineKernel({
  name: 'prepareArguments',
  wgsl,
  bindings: { counts: 'read u32', slots: 'read u32', grids: 'write u32' },
  params: { slots: 'u32' },
  about: 'turns counts known on the device into workgroups to dispatch',
  twin({ counts, slots, grids }, p) {
    for (let i = 0; i < p.slots; i++) {
      const [index, times, workgroup] = slots.subarray(3 * i, 3 * i + 3);
      grids.set([...grid(Math.imul(times, counts[index]) >>> 0, workgroup), 1], 3 * i);
    }
  },
});
