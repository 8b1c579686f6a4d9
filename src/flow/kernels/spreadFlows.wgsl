// d log F of each visited state: the sum of the coefficients of the steps that start in it. One slot an invocation.
struct Params {
  slotRecords: u32,
  walkPosition: u32,
  maxSteps: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> coefficients: array<f32>;
@group(0) @binding(2) var<storage, read_write> dLogF: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[1]) { return; } // slots
  let record = p.slotRecords + i * 10u;
  let first = plan[record + 1u];
  let degree = plan[record + 2u];
  let visits = plan[12] / plan[9] * p.maxSteps; // walks, batch
  let own = plan[record + 6u] * visits;
  var total = 0.0;
  for (var j = own; j < own + visits; j++) {
    if (plan[p.walkPosition + j] - first < degree) { total += coefficients[j * 4u + 2u]; }
  }
  dLogF[i] = total;
}
