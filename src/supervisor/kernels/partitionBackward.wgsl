// dLogits[e] += P_F(e) dLogF[slot] for the edges of each slot. One slot an invocation.
struct Params {
  records: u32,
  rowsIndex: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> logP: array<f32>;
@group(0) @binding(2) var<storage, read> dLogF: array<f32>;
@group(0) @binding(3) var<storage, read_write> dLogits: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.rowsIndex]) { return; }
  let record = p.records + i * 10u;
  let first = plan[record + 1u];
  let end = first + plan[record + 2u];
  for (var e = first; e < end; e++) { dLogits[e] += exp(logP[e]) * dLogF[i]; }
}
