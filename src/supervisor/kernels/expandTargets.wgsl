// Fills the record of each target and those of the edges that enter it, one entering edge an invocation: hundreds may
// enter one target. Its first edge fills the target's record. Each marks its parent.
struct Params {
  targetRecords: u32,
  enteringRecords: u32,
  batchOf: u32,
  inStart: u32,
  inEdge: u32,
  itemStart: u32,
  itemList: u32,
  nodeTask: u32,
  edgeSource: u32,
  edgeAction: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read_write> isParent: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[8]) { return; } // entering
  // The last target that begins at i or before it.
  var v = 0u;
  var end = plan[7]; // targets
  while (end - v > 1u) {
    let middle = (v + end) / 2u;
    if (plan[p.targetRecords + middle * 10u + 1u] <= i) { v = middle; } else { end = middle; }
  }
  let record = p.targetRecords + v * 10u;
  let node = plan[record];
  let j = i - plan[record + 1u];
  let rows = p.batchOf + graph[p.nodeTask + node] * 4u;
  let first = graph[p.inStart + node];
  if (j == 0u) {
    let items = graph[p.itemStart + node];
    plan[record + 2u] = graph[p.inStart + node + 1u] - first;
    plan[record + 3u] = p.itemList + items;
    plan[record + 4u] = graph[p.itemStart + node + 1u] - items;
    plan[record + 5u] = plan[rows + 2u];
    plan[record + 6u] = plan[rows];
  }
  let edge = graph[p.inEdge + first + j];
  let at = p.enteringRecords + i * 4u;
  plan[at] = v;
  plan[at + 1u] = plan[rows + 1u] + graph[p.edgeAction + edge];
  plan[at + 2u] = edge;
  plan[at + 3u] = graph[p.edgeSource + edge];
  atomicStore(&isParent[graph[p.edgeSource + edge]], 1u);
}
