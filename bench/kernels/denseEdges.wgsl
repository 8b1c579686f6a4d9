// dEdges[e] = [d key | d u] from dInputs[e] = [into u | into u * h]: d key = d logit query / sqrt(d), d u = into u + (into u * h) h.
struct Params {
  edges: u32,
  actions: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> h: array<f32>;
@group(0) @binding(1) var<storage, read> states: array<f32>;
@group(0) @binding(2) var<storage, read> dInputs: array<f32>;
@group(0) @binding(3) var<storage, read> dLogits: array<f32>;
@group(0) @binding(4) var<storage, read_write> dEdges: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= p.edges * d) { return; }
  let e = i / d;
  let c = i % d;
  let r = e / p.actions;
  let at = e * 2u * d;
  dEdges[at + c] = dLogits[e] * states[r * 2u * d + d + c] * inverseSqrt(f32(d));
  dEdges[at + d + c] = dInputs[at + c] + dInputs[at + d + c] * h[r * d + c];
}
