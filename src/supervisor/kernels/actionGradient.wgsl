// d action[row] = [sum du | sum dq | sum dlogit pointer query(s) / sqrt(d)] over the active edges with the action,
// in edge order, as listActive found them in the store's inverse index.
struct Params {
  slotRecords: u32,
  actionRows: u32,
  actionInverseStart: u32,
  actionInverse: u32,
  outStart: u32,
  edgeSource: u32,
  width: u32,
  heads: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> states: array<f32>;
@group(0) @binding(5) var<storage, read> dLogits: array<f32>;
@group(0) @binding(6) var<storage, read> dEdges: array<f32>;
@group(0) @binding(7) var<storage, read_write> dActions: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[10] * 3u * d) { return; } // actionRows
  let row = i / (3u * d);
  let c = i % (3u * d);
  let inverse = p.actionInverseStart + plan[p.actionRows + row * 2u + 1u];
  var sum = 0.0;
  for (var k = graph[inverse]; k < graph[inverse + 1u]; k++) {
    let j = listed[k];
    if (j == 0xffffffffu) { break; }
    let edge = graph[p.actionInverse + j];
    let node = graph[p.edgeSource + edge];
    let slot = visit[node] - 1u;
    let e = plan[p.slotRecords + slot * 10u + 1u] + edge - graph[p.outStart + node];
    if (c < 2u * d) {
      sum += dEdges[e * (3u * d + p.heads) + c];
    } else {
      sum += dLogits[e] * states[slot * 2u * d + c - d] * inverseSqrt(f32(d));
    }
  }
  dActions[i] = sum;
}
