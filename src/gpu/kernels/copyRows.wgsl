// y[r, c] = x[r, c] over rows base .. base + rows - 1.
struct Params {
  rowsIndex: u32,
  baseIndex: u32,
  columns: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= counts[p.rowsIndex] * p.columns) { return; }
  let at = counts[p.baseIndex] * p.columns + i;
  y[at] = x[at];
}
