// An edge's action asks, the state's tokens answer, one head per invocation:
// score_j = q . k_j / sqrt(d/H) + g_h cos_j; o = sum_j softmax(score)_j v_j; m = sum_j softmax(score)_j cos_j.
// Writes o, u * o and m into the scorer's input, and the weights for the way back.
struct Params {
  slotRecords: u32,
  edgeRecords: u32,
  width: u32,
  heads: u32,
  maxTokens: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> facts: array<f32>;
@group(0) @binding(3) var<storage, read> actions: array<f32>;
@group(0) @binding(4) var<storage, read> tokens: array<f32>;
@group(0) @binding(5) var<storage, read> gain: array<f32>;
@group(0) @binding(6) var<storage, read_write> inputs: array<f32>;
@group(0) @binding(7) var<storage, read_write> weights: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[4] * p.heads) { return; } // newEdges
  let e = plan[6] + i / p.heads; // edgeBase
  let h = i % p.heads;
  let size = p.width / p.heads;
  let edge = p.edgeRecords + e * 5u;
  let slot = p.slotRecords + plan[edge] * 10u;
  let action = plan[edge + 1u] * 3u * p.width;
  let cosines = plan[edge + 2u];
  let items = plan[slot + 3u];
  let itemCount = plan[slot + 4u];
  let tokenRow = plan[slot + 5u];
  let firstTaskToken = plan[slot + 7u];
  let count = plan[slot + 8u];
  let scale = inverseSqrt(f32(size));
  let weightAt = e * p.maxTokens * p.heads * 2u + h * 2u;
  let stride = p.heads * 2u;

  var highest = -3.0e38;
  for (var j = 0u; j < count; j++) {
    var token = firstTaskToken + j - itemCount;
    if (j < itemCount) { token = graph[items + j]; }
    let key = (tokenRow + token) * 3u * p.width + p.width + h * size;
    let query = action + p.width + h * size;
    var score = 0.0;
    for (var c = 0u; c < size; c++) { score += actions[query + c] * tokens[key + c]; }
    score = score * scale + gain[h] * facts[cosines + token];
    weights[weightAt + j * stride] = score;
    highest = max(highest, score);
  }
  var total = 0.0;
  for (var j = 0u; j < count; j++) {
    let w = exp(weights[weightAt + j * stride] - highest);
    weights[weightAt + j * stride] = w;
    total += w;
  }
  let inputAt = e * 2u * (2u * p.width + p.heads);
  var matched = 0.0;
  for (var j = 0u; j < count; j++) {
    var token = firstTaskToken + j - itemCount;
    if (j < itemCount) { token = graph[items + j]; }
    let w = weights[weightAt + j * stride] / total;
    weights[weightAt + j * stride] = w;
    matched += w * facts[cosines + token];
  }
  inputs[inputAt + 2u * p.width + h] = matched;
  for (var c = 0u; c < size; c++) {
    var o = 0.0;
    for (var j = 0u; j < count; j++) {
      var token = firstTaskToken + j - itemCount;
      if (j < itemCount) { token = graph[items + j]; }
      o += weights[weightAt + j * stride] * tokens[(tokenRow + token) * 3u * p.width + 2u * p.width + h * size + c];
    }
    inputs[inputAt + h * size + c] = o;
    inputs[inputAt + p.width + h * size + c] = o * actions[action + h * size + c];
  }
}
