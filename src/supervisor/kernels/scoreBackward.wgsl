// d before[e, c] = d logit[e] head[c] GELU'(before[e, c]).
struct Params {
  width: u32,
  skills: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> hidden: array<f32>;
@group(0) @binding(2) var<storage, read> head: array<f32>;
@group(0) @binding(3) var<storage, read> dLogits: array<f32>;
@group(0) @binding(4) var<storage, read_write> dHidden: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

fn geluSlope(v: f32) -> f32 {
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  let t = tanh(z);
  return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * v * v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[2] * p.width) { return; } // edges
  let e = i / p.width;
  let c = i % p.width;
  dHidden[i] = dLogits[e] * head[c] * geluSlope(hidden[e * (2u * p.width + p.skills + 8u) + c]);
}
