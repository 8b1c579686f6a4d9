// logP[r, a] = log softmax of the logits of row r over its legal actions, one row an invocation; 0 where masked.
struct Params {
  rows: u32,
  actions: u32,
}
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> legal: array<f32>;
@group(0) @binding(2) var<storage, read_write> logP: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.rows) { return; }
  let first = i * p.actions;
  let end = first + p.actions;
  var highest = -3.0e38;
  for (var e = first; e < end; e++) { if (legal[e] > 0.0) { highest = max(highest, logits[e]); } }
  var total = 0.0;
  for (var e = first; e < end; e++) { if (legal[e] > 0.0) { total += exp(logits[e] - highest); } }
  let lse = highest + log(total);
  for (var e = first; e < end; e++) { logP[e] = select(0.0, logits[e] - lse, legal[e] > 0.0); }
}
