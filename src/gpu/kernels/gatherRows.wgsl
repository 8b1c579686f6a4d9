// y[r, c] = scale * x[index(r), c], index(r) = plan[indexOffset + r * indexStride].
struct Params {
  rowsIndex: u32,
  columns: u32,
  indexOffset: u32,
  indexStride: u32,
  scale: f32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.rowsIndex] * p.columns) { return; }
  let row = plan[p.indexOffset + (i / p.columns) * p.indexStride];
  y[i] = p.scale * x[row * p.columns + i % p.columns];
}
