// y = slow + rate (fast - slow).
struct Params {
  length: u32,
  rate: f32,
}
@group(0) @binding(0) var<storage, read> slow: array<f32>;
@group(0) @binding(1) var<storage, read> fast: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.length) { return; }
  y[i] = slow[i] + p.rate * (fast[i] - slow[i]);
}
