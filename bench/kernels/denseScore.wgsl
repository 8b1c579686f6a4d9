// logit(s, a) = head . GELU(before + into scorer(s)) + query(s) . key(a) / sqrt(d), one edge an invocation.
// A row of `hidden` is [before GELU d | after GELU d], a row of `states` [into the scorer d | query d].
struct Params {
  edges: u32,
  actions: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> edges: array<f32>;
@group(0) @binding(1) var<storage, read> states: array<f32>;
@group(0) @binding(2) var<storage, read> head: array<f32>;
@group(0) @binding(3) var<storage, read_write> hidden: array<f32>;
@group(0) @binding(4) var<storage, read_write> logits: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

fn gelu(v: f32) -> f32 {
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  return 0.5 * v * (1.0 + tanh(z));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.edges) { return; }
  let d = p.width;
  let state = (i / p.actions) * 2u * d;
  let edge = i * 3u * d;
  let at = i * 2u * d;
  var logit = 0.0;
  var pointer = 0.0;
  for (var c = 0u; c < d; c++) {
    let before = hidden[at + c] + states[state + c];
    let after = gelu(before);
    hidden[at + c] = before;
    hidden[at + d + c] = after;
    logit += after * head[c];
    pointer += states[state + d + c] * edges[edge + c];
  }
  logits[i] = logit + pointer * inverseSqrt(f32(d));
}
