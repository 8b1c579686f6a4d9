// The coefficient of each log P_B under maximum likelihood: -1 / walks. One walk an invocation.
struct Params {
  walkLength: u32,
  maxSteps: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read_write> coefficients: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  for (var t = 0u; t < plan[p.walkLength + i]; t++) {
    coefficients[(i * p.maxSteps + t) * 4u + 1u] = -1.0 / f32(plan[12]);
  }
}
