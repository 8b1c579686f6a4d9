// The indirect dispatch arguments of every slot, from counts that only the device knows.
// Slot: (index, times, workgroup). Out: (x, y, 1) workgroups, x * y >= ceil(times * counts[index] / workgroup).

struct Params {
  slots: u32,
}

@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> slots: array<u32>;
@group(0) @binding(2) var<storage, read_write> grids: array<u32>;
@group(0) @binding(3) var<uniform> p: Params;

const WORKGROUP = 64u;
const MAX_PER_DIMENSION = 65535u;

// Written so that nothing overflows near 2^32, as (a + b - 1) / b would.
fn ceilDivide(a: u32, b: u32) -> u32 {
  return a / b + select(0u, 1u, a % b != 0u);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.y * groups.x + group.x) * WORKGROUP + lane;
  if (i >= p.slots) {
    return;
  }
  let invocations = slots[3u * i + 1u] * counts[slots[3u * i]];
  let workgroups = ceilDivide(invocations, slots[3u * i + 2u]);
  let rows = ceilDivide(workgroups, MAX_PER_DIMENSION);
  grids[3u * i] = ceilDivide(workgroups, max(rows, 1u));
  grids[3u * i + 1u] = rows;
  grids[3u * i + 2u] = 1u;
}
