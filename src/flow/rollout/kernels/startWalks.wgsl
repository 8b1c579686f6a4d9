// Every walk begins at the root of its task; its record is emptied, and nothing has been visited yet.
struct Params {
  batchTask: u32,
  taskInfo: u32,
  walkNode: u32,
  walkLength: u32,
  walkEdge: u32,
  walkPosition: u32,
  walkEntering: u32,
  walksPerTask: u32,
  maxSteps: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i == 0u) {
    for (var k = 1u; k <= 8u; k++) { plan[k] = 0u; } // slots .. entering
  }
  if (i >= plan[12]) { return; } // walks
  let task = plan[p.batchTask + 2u * (i / p.walksPerTask)];
  plan[p.walkNode + i] = graph[p.taskInfo + task * 8u + 4u];
  plan[p.walkLength + i] = 0u;
  for (var t = 0u; t < p.maxSteps; t++) {
    plan[p.walkEdge + i * p.maxSteps + t] = 0xffffffffu;
    plan[p.walkPosition + i * p.maxSteps + t] = 0xffffffffu;
    plan[p.walkEntering + i * p.maxSteps + t] = 0xffffffffu;
  }
}
