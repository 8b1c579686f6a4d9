// y[i] = sum over chunks j of partial[j, i], in order; zero where there are no rows.
struct Params {
  rowsIndex: u32,
  chunk: u32,
  size: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.size) { return; }
  let chunks = (counts[p.rowsIndex] + p.chunk - 1u) / p.chunk;
  var sum = 0.0;
  for (var j = 0u; j < chunks; j++) { sum += partial[j * p.size + i]; }
  y[i] = sum;
}
