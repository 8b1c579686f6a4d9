// d key[row] = sum ds q / sqrt(d/H), d value[row] = sum w do, over the active edges that attend to the token:
// those of the visited states that hold the item, or, for a token of the task itself, of all its visited states.
struct Params {
  slotRecords: u32,
  edgeRecords: u32,
  tokenRows: u32,
  tokenInverseStart: u32,
  tokenInverseNode: u32,
  tokenInversePosition: u32,
  width: u32,
  heads: u32,
  maxTokens: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> actions: array<f32>;
@group(0) @binding(5) var<storage, read> weights: array<f32>;
@group(0) @binding(6) var<storage, read> dEdges: array<f32>;
@group(0) @binding(7) var<storage, read_write> dTokens: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

// The share of one slot, the token standing at `position` among those its edges attend to. c < d: key, else value.
fn share(slot: u32, position: u32, c: u32) -> f32 {
  let d = p.width;
  let record = p.slotRecords + slot * 10u;
  let first = plan[record + 1u];
  let end = first + plan[record + 2u];
  let h = (c % d) / (d / p.heads);
  var sum = 0.0;
  for (var e = first; e < end; e++) {
    let at = ((e * p.maxTokens + position) * p.heads + h) * 2u;
    if (c < d) {
      sum += weights[at + 1u] * actions[plan[p.edgeRecords + e * 5u + 1u] * 3u * d + d + c];
    } else {
      sum += weights[at] * dEdges[e * (3u * d + p.heads) + d + c];
    }
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[11] * 2u * d) { return; } // tokenRows
  let row = i / (2u * d);
  let c = i % (2u * d);
  let info = p.tokenRows + row * 4u;
  let inverse = p.tokenInverseStart + plan[info + 1u];
  let taskToken = plan[info + 3u];
  var sum = 0.0;
  if (taskToken == 0u) {
    for (var k = graph[inverse]; k < graph[inverse + 1u]; k++) {
      let j = listed[k];
      if (j == 0xffffffffu) { break; }
      sum += share(visit[graph[p.tokenInverseNode + j]] - 1u, graph[p.tokenInversePosition + j], c);
    }
  } else {
    for (var slot = 0u; slot < plan[1]; slot++) {
      let record = p.slotRecords + slot * 10u;
      if (plan[record + 6u] == plan[info + 2u]) { sum += share(slot, plan[record + 4u] + taskToken - 1u, c); }
    }
  }
  if (c < d) { sum *= inverseSqrt(f32(d / p.heads)); }
  dTokens[row * 3u * d + d + c] = sum;
}
