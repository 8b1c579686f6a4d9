// The first batch's estimate of log Z, mean of beta log R~ + sum log P_B - sum log P_F, becomes the bias of its head.
struct Params {
  bias: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i > 0u) { return; }
  var total = 0.0;
  for (var w = 0u; w < plan[12]; w++) { total += sums[w * 8u + 2u] + sums[w * 8u + 1u] - sums[w * 8u]; } // walks
  parameters[p.bias] = total / f32(max(plan[12], 1u)); // 0 / 0 is undefined in WGSL
}
