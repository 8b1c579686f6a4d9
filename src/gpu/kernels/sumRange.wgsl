// y[out] = sum of x[first .. first + length - 1], in order.
struct Params {
  first: u32,
  length: u32,
  out: u32,
}
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if ((group.y * groups.x + group.x) * 64u + lane > 0u) { return; }
  var sum = 0.0;
  for (var k = 0u; k < p.length; k++) { sum += x[p.first + k]; }
  y[p.out] = sum;
}
