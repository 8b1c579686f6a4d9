// edges[e] = [key | u | u * h]: fills the third part, one number an invocation.
struct Params {
  edges: u32,
  actions: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> h: array<f32>;
@group(0) @binding(1) var<storage, read_write> edges: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= p.edges * d) { return; }
  let e = i / d;
  let c = i % d;
  edges[e * 3u * d + 2u * d + c] = edges[e * 3u * d + d + c] * h[(e / p.actions) * d + c];
}
