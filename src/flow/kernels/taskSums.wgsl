// Per task: d log Z = the sum over its walks; log Z as they took it. One task an invocation.
struct Params {
  walksPerTask: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> losses: array<f32>;
@group(0) @binding(2) var<storage, read_write> logZ: array<f32>;
@group(0) @binding(3) var<storage, read_write> dLogZ: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[9]) { return; } // batch
  let first = i * p.walksPerTask;
  var total = 0.0;
  for (var w = first; w < first + p.walksPerTask; w++) { total += losses[w * 3u + 1u]; }
  dLogZ[i] = total;
  logZ[i] = losses[first * 3u + 2u];
}
