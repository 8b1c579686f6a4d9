// Makes records of a range of nodes instead of visited ones: node firstNode + i, its edges packed one after the other.
struct Params {
  records: u32,
  countIndex: u32,
  edgeStart: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.countIndex]) { return; }
  let first = plan[17]; // firstNode
  plan[p.records + i * 10u] = first + i;
  plan[p.records + i * 10u + 1u] = graph[p.edgeStart + first + i] - graph[p.edgeStart + first];
}
