// d key, by leaving edge = sum over the steps that left its state of weight query(where the step went).
// One component of one active edge an invocation; the walks of its task in order.
struct Params {
  slotRecords: u32,
  edgeRecords: u32,
  enteringRecords: u32,
  walkPosition: u32,
  walkEntering: u32,
  maxSteps: u32,
  maxDegree: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> queries: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> dKeys: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[2] * p.width) { return; } // edges
  let edge = i / p.width;
  let slot = p.slotRecords + plan[p.edgeRecords + edge * 5u] * 10u;
  let start = plan[slot + 1u];
  let degree = plan[slot + 2u];
  let visits = plan[12] / plan[9] * p.maxSteps; // walks, batch
  let own = plan[slot + 6u] * visits;
  var sum = 0.0;
  for (var j = own; j < own + visits; j++) {
    // Wraps around below `start` and for NONE.
    if (plan[p.walkPosition + j] - start >= degree) { continue; }
    let query = plan[p.enteringRecords + plan[p.walkEntering + j] * 4u] * p.width;
    sum += weights[j * p.maxDegree + edge - start] * queries[query + i % p.width];
  }
  dKeys[i] = sum;
}
