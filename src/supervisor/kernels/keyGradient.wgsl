// d key[row] = sum of dlogit query(s') / sqrt(d) over the active entering edges with the action, in edge order.
struct Params {
  targetRecords: u32,
  actionRows: u32,
  actionInverseStart: u32,
  actionInverse: u32,
  edgeTarget: u32,
  inRank: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> queries: array<f32>;
@group(0) @binding(5) var<storage, read> dLogits: array<f32>;
@group(0) @binding(6) var<storage, read_write> dKeys: array<f32>;
@group(0) @binding(7) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[10] * d) { return; } // actionRows
  let row = i / d;
  let inverse = p.actionInverseStart + plan[p.actionRows + row * 2u + 1u];
  var sum = 0.0;
  for (var k = graph[inverse]; k < graph[inverse + 1u]; k++) {
    let j = listed[k];
    if (j == 0xffffffffu) { break; }
    let edge = graph[p.actionInverse + j];
    let visited = visit[graph[p.edgeTarget + edge]];
    let e = plan[p.targetRecords + (visited - 1u) * 10u + 1u] + graph[p.inRank + edge];
    sum += dLogits[e] * queries[(visited - 1u) * d + i % d];
  }
  dKeys[i] = sum * inverseSqrt(f32(d));
}
