// Fills the record of each target and those of the edges that enter it.
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
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let v = (group.y * groups.x + group.x) * 64u + lane;
  if (v >= plan[7]) { return; } // targets
  let record = p.targetRecords + v * 10u;
  let node = plan[record];
  let start = plan[record + 1u];
  let rows = p.batchOf + graph[p.nodeTask + node] * 4u;
  let first = graph[p.inStart + node];
  let degree = graph[p.inStart + node + 1u] - first;
  let items = graph[p.itemStart + node];
  plan[record + 2u] = degree;
  plan[record + 3u] = p.itemList + items;
  plan[record + 4u] = graph[p.itemStart + node + 1u] - items;
  plan[record + 5u] = plan[rows + 2u];
  plan[record + 6u] = plan[rows];
  for (var j = 0u; j < degree; j++) {
    let edge = graph[p.inEdge + first + j];
    let at = p.enteringRecords + (start + j) * 4u;
    plan[at] = v;
    plan[at + 1u] = plan[rows + 1u] + graph[p.edgeAction + edge];
    plan[at + 2u] = edge;
    plan[at + 3u] = graph[p.edgeSource + edge];
  }
}
