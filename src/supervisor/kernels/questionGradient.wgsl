// d question[row] = sum of dHidden over the active edges with the action: the gradient of W u(a).
struct Params {
  slotRecords: u32,
  actionRows: u32,
  actionInverseStart: u32,
  actionInverse: u32,
  outStart: u32,
  edgeSource: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> dHidden: array<f32>;
@group(0) @binding(5) var<storage, read_write> dQuestions: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

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
    let node = graph[p.edgeSource + edge];
    let visited = visit[node];
    let e = plan[p.slotRecords + (visited - 1u) * 10u + 1u] + edge - graph[p.outStart + node];
    sum += dHidden[e * d + i % d];
  }
  dQuestions[i] = sum;
}
