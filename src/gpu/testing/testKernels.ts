/** Small kernels whose effect is plain to see, for the contract that every backend keeps. */
import { defineKernel } from '../kernel.ts';

const INDEX = `
fn index(group: vec3u, groups: vec3u, size: u32, lane: u32) -> u32 {
  return (group.y * groups.x + group.x) * size + lane;
}`;

const MAIN = (size: number) => `
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
)`;

/** `out[i] = scale * a[i] + shift`, over all of `out`. */
export const scaleShift = defineKernel({
  name: 'scaleShift',
  wgsl: `
struct Params { n: u32, scale: f32, shift: f32 }
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;
${INDEX}${MAIN(64)} {
  let i = index(group, groups, 64u, lane);
  if (i < p.n) { out[i] = p.scale * a[i] + p.shift; }
}`,
  bindings: { a: 'read f32', out: 'write f32' },
  params: { n: 'u32', scale: 'f32', shift: 'f32' },
  about: 'scales and shifts',
  twin({ a, out }, { n, scale, shift }) {
    for (let i = 0; i < n; i++) out[i] = scale * a[i] + shift;
  },
});

/** `cells[i] += 1` for `i < times * counts[index]`. No parameters are left out: the count is read on the device. */
export const increment = defineKernel({
  name: 'increment',
  wgsl: `
struct Params { index: u32, times: u32 }
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> cells: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;
${INDEX}${MAIN(1)} {
  let i = index(group, groups, 1u, lane);
  if (i < p.times * counts[p.index]) { cells[i] += 1u; }
}`,
  bindings: { counts: 'read u32', cells: 'write u32' },
  params: { index: 'u32', times: 'u32' },
  workgroup: 1,
  about: 'counts how often each cell is reached',
  twin({ counts, cells }, { index, times }) {
    for (let i = 0; i < times * counts[index]; i++) cells[i]++;
  },
});

/** `counts[index] = value`, in one invocation. */
export const setCount = defineKernel({
  name: 'setCount',
  wgsl: `
struct Params { index: u32, value: u32 }
@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<uniform> p: Params;
@compute @workgroup_size(1)
fn main() { counts[p.index] = p.value; }`,
  bindings: { counts: 'write u32' },
  params: { index: 'u32', value: 'u32' },
  workgroup: 1,
  about: 'sets a count on the device',
  twin({ counts }, { index, value }) {
    counts[index] = value;
  },
});

/** `a[i] <-> b[i]`: two written bindings, which may be ranges of one storage. No parameters. */
export const swap = defineKernel({
  name: 'swap',
  wgsl: `
@group(0) @binding(0) var<storage, read_write> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> b: array<u32>;
${INDEX}${MAIN(64)} {
  let i = index(group, groups, 64u, lane);
  if (i < arrayLength(&a)) {
    let kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}`,
  bindings: { a: 'write u32', b: 'write u32' },
  params: {},
  about: 'swaps two ranges',
  twin({ a, b }) {
    if (a.length !== b.length) throw new Error(`swap: ${a.length} elements against ${b.length}`);
    const kept = a.slice();
    a.set(b);
    b.set(kept);
  },
});
