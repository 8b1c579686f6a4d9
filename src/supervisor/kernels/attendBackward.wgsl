// Back through attention, one (edge, head) an invocation. With w the softmax weights:
// do = d[o] + d[u * o] u;  dw_j = do . v_j + dm cos_j;  ds_j = w_j (dw_j - sum_k w_k dw_k), the sum being do . o + dm m.
// Writes ds beside the weights, and per edge [du | dq | do | dgain].
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
@group(0) @binding(5) var<storage, read> inputs: array<f32>;
@group(0) @binding(6) var<storage, read_write> weights: array<f32>;
@group(0) @binding(7) var<storage, read_write> dEdges: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[2] * p.heads) { return; } // edges
  let e = i / p.heads;
  let h = i % p.heads;
  let d = p.width;
  let size = d / p.heads;
  let edge = p.edgeRecords + e * 5u;
  let slot = p.slotRecords + plan[edge] * 10u;
  let question = plan[edge + 1u] * 3u * d + h * size;
  let cosines = plan[edge + 2u];
  let items = plan[slot + 3u];
  let itemCount = plan[slot + 4u];
  let tokenRow = plan[slot + 5u];
  let firstTaskToken = plan[slot + 7u];
  let count = plan[slot + 8u];
  let half = 2u * d + p.heads;
  let o = e * 2u * half + h * size;
  let dO = o + half;
  let out = e * (3u * d + p.heads) + h * size;
  let matched = inputs[e * 2u * half + 2u * d + h];
  let dMatched = inputs[e * 2u * half + half + 2u * d + h];
  var mean = dMatched * matched;
  for (var c = 0u; c < size; c++) {
    let g = inputs[dO + c] + inputs[dO + d + c] * actions[question + c];
    dEdges[out + c] = inputs[dO + d + c] * inputs[o + c];
    dEdges[out + d + c] = 0.0;
    dEdges[out + 2u * d + c] = g;
    mean += g * inputs[o + c];
  }
  let scale = inverseSqrt(f32(size));
  let weightAt = e * p.maxTokens * p.heads * 2u + h * 2u;
  let stride = p.heads * 2u;
  var dGain = 0.0;
  for (var j = 0u; j < count; j++) {
    var token = firstTaskToken + j - itemCount;
    if (j < itemCount) { token = graph[items + j]; }
    let row = (tokenRow + token) * 3u * d + h * size;
    let cosine = facts[cosines + token];
    var dWeight = dMatched * cosine;
    for (var c = 0u; c < size; c++) { dWeight += dEdges[out + 2u * d + c] * tokens[row + 2u * d + c]; }
    let dScore = weights[weightAt + j * stride] * (dWeight - mean);
    weights[weightAt + j * stride + 1u] = dScore;
    dGain += dScore * cosine;
    for (var c = 0u; c < size; c++) { dEdges[out + d + c] += dScore * scale * tokens[row + d + c]; }
  }
  dEdges[e * (3u * d + p.heads) + 3u * d + h] = dGain;
}
