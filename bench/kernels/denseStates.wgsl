// Gradient of what a state gives its edges, sums over the row's actions:
// dStates[r] = [sum dHidden | sum dLogit key / sqrt(d)], dH[r] = sum (into u * h) u.
struct Params {
  rows: u32,
  actions: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> edges: array<f32>;
@group(0) @binding(1) var<storage, read> dHidden: array<f32>;
@group(0) @binding(2) var<storage, read> dInputs: array<f32>;
@group(0) @binding(3) var<storage, read> dLogits: array<f32>;
@group(0) @binding(4) var<storage, read_write> dStates: array<f32>;
@group(0) @binding(5) var<storage, read_write> dH: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= p.rows * d) { return; }
  let r = i / d;
  let c = i % d;
  var scorer = 0.0;
  var query = 0.0;
  var state = 0.0;
  for (var e = r * p.actions; e < (r + 1u) * p.actions; e++) {
    scorer += dHidden[e * d + c];
    query += dLogits[e] * edges[e * 3u * d + c];
    state += dInputs[e * 2u * d + d + c] * edges[e * 3u * d + d + c];
  }
  dStates[r * 2u * d + c] = scorer;
  dStates[r * 2u * d + d + c] = query * inverseSqrt(f32(d));
  dH[i] = state;
}
