import { expect, it } from 'vitest';
import { defineKernel } from '../kernel.ts';
import { racesOf } from './races.ts';

const reverse = defineKernel({
  name: 'reverse',
  wgsl: `
struct Params { n: u32 }
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;
var<workgroup> kept: array<u32, 8>;
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < p.n) { kept[lane] = a[lane]; }
  workgroupBarrier();
  if (lane < p.n) { out[lane] = kept[p.n - 1u - lane]; }
}`,
  bindings: { a: 'read u32', out: 'write u32' },
  params: { n: 'u32' },
  workgroup: 8,
  about: 'reverses up to eight numbers',
  twin({ a, out }, { n }) {
    out.set(a.slice(0, n).reverse());
  },
});
const tensors = { a: [1, 2, 3, 4, 5, 6, 7, 8], out: new Uint32Array(8) };

it('finds none where a barrier parts writing from reading', () => {
  expect(racesOf(reverse, tensors, { n: 8 })).toEqual([]);
});

it('names memory, lines and invocations where the barrier is missing', () => {
  const racing = { ...reverse, wgsl: reverse.wgsl.replace('workgroupBarrier();', '') };
  expect(racesOf(racing, tensors, { n: 8 }).join('\n')).toMatch(/'kept'.*write, line 9\).*read, line 11/);
});

it('finds a storage buffer that all invocations write in one place', () => {
  const racing = { ...reverse, wgsl: reverse.wgsl.replace('out[lane] =', 'out[0] =') };
  expect(racesOf(racing, tensors, { n: 8 }).join('\n')).toMatch(/'out'/);
});

it('sees nothing where the inputs reach nothing: inputs are to be chosen so that invocations meet', () => {
  const racing = { ...reverse, wgsl: reverse.wgsl.replace('workgroupBarrier();', '') };
  expect(racesOf(racing, tensors, { n: 1 })).toEqual([]);
});
