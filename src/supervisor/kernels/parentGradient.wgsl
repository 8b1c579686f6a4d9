// Adds to the gradient of the backward policy's pooled items, by token row, what comes from the parents that hold the
// item through the entering edges, times GELU'. (What comes from targets that hold it is there already.)
struct Params {
  targetRecords: u32,
  tokenRows: u32,
  tokenInverseStart: u32,
  tokenInverseNode: u32,
  itemStart: u32,
  outStart: u32,
  edgeTarget: u32,
  inRank: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> tokens: array<f32>;
@group(0) @binding(5) var<storage, read> parents: array<f32>;
@group(0) @binding(6) var<storage, read> dLogits: array<f32>;
@group(0) @binding(7) var<storage, read_write> dTokens: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

fn geluSlope(v: f32) -> f32 {
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  let t = tanh(z);
  return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * v * v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[11] * d) { return; } // tokenRows
  let row = i / d;
  let c = i % d;
  let inverse = p.tokenInverseStart + plan[p.tokenRows + row * 4u + 1u];
  let scale = inverseSqrt(f32(d));
  var sum = 0.0;
  for (var k = graph[inverse]; k < graph[inverse + 1u]; k++) {
    let j = listed[k];
    if (j == 0xffffffffu) { break; }
    let node = graph[p.tokenInverseNode + j];
    var share = 0.0;
    let end = graph[p.outStart + node + 1u];
    for (var edge = graph[p.outStart + node]; edge < end; edge++) {
      let visited = visit[graph[p.edgeTarget + edge]];
      if (visited == 0u) { continue; }
      let e = plan[p.targetRecords + (visited - 1u) * 10u + 1u] + graph[p.inRank + edge];
      share += scale * dLogits[e] * parents[(visited - 1u) * (d + 1u) + c];
    }
    sum += share * inverseSqrt(f32(graph[p.itemStart + node + 1u] - graph[p.itemStart + node]));
  }
  dTokens[i] += sum * geluSlope(tokens[i]);
}
