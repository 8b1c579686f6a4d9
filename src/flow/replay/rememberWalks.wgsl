// Stores the new walks of a task over the oldest of its buffer. One task of the batch an invocation: no task is in it twice.
struct Params {
  batchTask: u32,
  walkEdge: u32,
  walksPerTask: u32,
  maxSteps: u32,
  capacity: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read> replayed: array<u32>;
@group(0) @binding(3) var<storage, read_write> edges: array<u32>;
@group(0) @binding(4) var<storage, read_write> rewards: array<f32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
@group(0) @binding(6) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[9]) { return; } // batch
  let task = plan[p.batchTask + 2u * i];
  for (var w = i * p.walksPerTask; w < (i + 1u) * p.walksPerTask; w++) {
    if (replayed[w] == 1u) { continue; }
    let row = task * p.capacity + counts[task] % p.capacity;
    counts[task]++;
    rewards[row] = sums[w * 8u + 4u];
    for (var t = 0u; t < p.maxSteps; t++) { edges[row * p.maxSteps + t] = plan[p.walkEdge + w * p.maxSteps + t]; }
  }
}
