// logF[slot] += log sum exp of its edges' logits, which is logit - log P_F of the first of them. One slot an invocation.
struct Params {
  records: u32,
  rowsIndex: u32,
  baseIndex: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> logP: array<f32>;
@group(0) @binding(3) var<storage, read_write> logF: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.rowsIndex]) { return; }
  let row = plan[p.baseIndex] + i;
  let first = plan[p.records + row * 10u + 1u];
  logF[row] += logits[first] - logP[first];
}
