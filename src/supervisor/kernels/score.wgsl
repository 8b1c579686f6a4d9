// logit(s, a) = head . [GELU(hidden) ; skill ; kind ; f(s, a)] + pointer query(s) . pointer key(a) / sqrt(d), one edge an invocation.
// hidden = scorer's product with its input (in `hidden` already) + W u(a) + W h(s).
// A row of `hidden` is [before GELU d | after GELU d | skill one-hot | kind one-hot 3, 0 | f 3, 0].
struct Params {
  edgeRecords: u32,
  features: u32,
  width: u32,
  skills: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> facts: array<f32>;
@group(0) @binding(2) var<storage, read> actions: array<f32>;
@group(0) @binding(3) var<storage, read> questions: array<f32>;
@group(0) @binding(4) var<storage, read> states: array<f32>;
@group(0) @binding(5) var<storage, read> head: array<f32>;
@group(0) @binding(6) var<storage, read_write> hidden: array<f32>;
@group(0) @binding(7) var<storage, read_write> logits: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

fn gelu(v: f32) -> f32 {
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  return 0.5 * v * (1.0 + tanh(z));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[4]) { return; } // newEdges
  let e = plan[6] + i; // edgeBase
  let d = p.width;
  let record = p.edgeRecords + e * 5u;
  let slot = plan[record] * 2u * d;
  let row = plan[record + 1u];
  let edge = plan[record + 3u];
  let kind = plan[record + 4u] % 4u;
  let skill = plan[record + 4u] / 4u;
  let at = e * (2u * d + p.skills + 8u);
  let known = d + p.skills;
  var logit = 0.0;
  var pointer = 0.0;
  for (var c = 0u; c < d; c++) {
    let before = hidden[at + c] + questions[row * d + c] + states[slot + c];
    let after = gelu(before);
    hidden[at + c] = before;
    hidden[at + d + c] = after;
    logit += after * head[c];
    pointer += states[slot + d + c] * actions[row * 3u * d + 2u * d + c];
  }
  for (var k = 0u; k < p.skills; k++) {
    let one = select(0.0, 1.0, k + 1u == skill);
    hidden[at + 2u * d + k] = one;
    logit += one * head[d + k];
  }
  for (var k = 0u; k < 4u; k++) {
    let one = select(0.0, 1.0, k == kind);
    hidden[at + d + known + k] = one;
    logit += one * head[known + k];
  }
  for (var k = 0u; k < 3u; k++) {
    let f = facts[p.features + edge * 3u + k];
    hidden[at + d + known + 4u + k] = f;
    logit += f * head[known + 4u + k];
  }
  hidden[at + d + known + 7u] = 0.0;
  logits[e] = logit + pointer * inverseSqrt(f32(d));
}
