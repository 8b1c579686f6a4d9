// sums[w] = [sum of log P_F of the chosen edges, the rest as it is], one walk an invocation. `sums` has 8 numbers a walk.
struct Params {
  walks: u32,
  edgesPerWalk: u32,
}
@group(0) @binding(0) var<storage, read> chosen: array<f32>;
@group(0) @binding(1) var<storage, read> logP: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.walks) { return; }
  var sum = 0.0;
  for (var e = i * p.edgesPerWalk; e < (i + 1u) * p.edgesPerWalk; e++) { sum += chosen[e] * logP[e]; }
  sums[i * 8u] = sum;
}
