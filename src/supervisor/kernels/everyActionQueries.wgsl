// d query[target] = sum over the steps that entered it, over the actions of the state before, of weight key(action).
// One component an invocation; the walks of the target's task in order.
struct Params {
  targetRecords: u32,
  enteringRecords: u32,
  batchOf: u32,
  nodeTask: u32,
  outStart: u32,
  edgeAction: u32,
  walkEntering: u32,
  maxSteps: u32,
  maxDegree: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> dQueries: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[7] * p.width) { return; } // targets
  let record = p.targetRecords + i / p.width * 10u;
  let entered = plan[record + 1u];
  let ways = plan[record + 2u];
  let visits = plan[12] / plan[9] * p.maxSteps; // walks, batch
  let own = plan[record + 6u] * visits;
  var sum = 0.0;
  for (var j = own; j < own + visits; j++) {
    let place = plan[p.walkEntering + j];
    // Wraps around below `entered` and for NONE.
    if (place - entered >= ways) { continue; }
    let node = plan[p.enteringRecords + place * 4u + 3u];
    let firstRow = plan[p.batchOf + graph[p.nodeTask + node] * 4u + 1u];
    let first = graph[p.outStart + node];
    for (var e = first; e < graph[p.outStart + node + 1u]; e++) {
      let row = firstRow + graph[p.edgeAction + e];
      sum += weights[j * p.maxDegree + e - first] * keys[row * p.width + i % p.width];
    }
  }
  dQueries[i] = sum;
}
