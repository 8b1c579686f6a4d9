// logP[e] = logit[e] - log sum exp over the edges of each record: ragged segments, one record an invocation.
struct Params {
  records: u32,
  rowsIndex: u32,
  baseIndex: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> logP: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.rowsIndex]) { return; }
  let record = p.records + (plan[p.baseIndex] + i) * 10u;
  let first = plan[record + 1u];
  let end = first + plan[record + 2u];
  var highest = -3.0e38;
  for (var e = first; e < end; e++) { highest = max(highest, logits[e]); }
  var total = 0.0;
  for (var e = first; e < end; e++) { total += exp(logits[e] - highest); }
  let lse = highest + log(total);
  for (var e = first; e < end; e++) { logP[e] = logits[e] - lse; }
}
