// Fills the record of each new slot and those of the edges that leave its state.
struct Params {
  slotRecords: u32,
  edgeRecords: u32,
  batchOf: u32,
  outStart: u32,
  itemStart: u32,
  itemList: u32,
  nodeTask: u32,
  taskInfo: u32,
  edgeAction: u32,
  edgeKind: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[3]) { return; } // newSlots
  let slot = plan[5] + i; // slotBase
  let record = p.slotRecords + slot * 10u;
  let node = plan[record];
  let start = plan[record + 1u];
  let task = graph[p.nodeTask + node];
  let info = p.taskInfo + task * 8u;
  let rows = p.batchOf + task * 4u;
  let firstEdge = graph[p.outStart + node];
  let degree = graph[p.outStart + node + 1u] - firstEdge;
  let items = graph[p.itemStart + node];
  let itemCount = graph[p.itemStart + node + 1u] - items;
  let tokens = graph[info + 1u];
  plan[record + 2u] = degree;
  plan[record + 3u] = p.itemList + items;
  plan[record + 4u] = itemCount;
  plan[record + 5u] = plan[rows + 2u];
  plan[record + 6u] = plan[rows];
  plan[record + 7u] = graph[info];
  plan[record + 8u] = itemCount + tokens - graph[info];
  for (var j = 0u; j < degree; j++) {
    let edge = firstEdge + j;
    let action = graph[p.edgeAction + edge];
    let at = p.edgeRecords + (start + j) * 5u;
    plan[at] = slot;
    plan[at + 1u] = plan[rows + 1u] + action;
    plan[at + 2u] = graph[info + 2u] + action * tokens;
    plan[at + 3u] = edge;
    plan[at + 4u] = graph[p.edgeKind + edge];
  }
}
