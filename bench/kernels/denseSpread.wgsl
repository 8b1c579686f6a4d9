// dLogit[r, a] = coefficient of the step (chosen[r, a] - P(a) chosen in this row), 0 where masked; one row an invocation.
struct Params {
  rows: u32,
  actions: u32,
}
@group(0) @binding(0) var<storage, read> coefficients: array<f32>;
@group(0) @binding(1) var<storage, read> chosen: array<f32>;
@group(0) @binding(2) var<storage, read> legal: array<f32>;
@group(0) @binding(3) var<storage, read> logP: array<f32>;
@group(0) @binding(4) var<storage, read_write> dLogits: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.rows) { return; }
  let first = i * p.actions;
  let end = first + p.actions;
  let coefficient = coefficients[i * 4u];
  var total = 0.0;
  for (var e = first; e < end; e++) { total += chosen[e]; }
  for (var e = first; e < end; e++) { dLogits[e] = coefficient * legal[e] * (chosen[e] - exp(logP[e]) * total); }
}
