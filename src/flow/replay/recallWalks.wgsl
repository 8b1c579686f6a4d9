// The last walks of each task are read from its replay buffer, the others are left to the sampler. One walk an invocation.
struct Params {
  batchTask: u32,
  walksPerTask: u32,
  maxSteps: u32,
  capacity: u32,
  recalled: u32,
  draws: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> edges: array<u32>;
@group(0) @binding(2) var<storage, read> rewards: array<f32>;
@group(0) @binding(3) var<storage, read> counts: array<u32>;
@group(0) @binding(4) var<storage, read_write> given: array<u32>;
@group(0) @binding(5) var<storage, read_write> replayed: array<u32>;
@group(0) @binding(6) var<uniform> p: Params;

fn pcg(input: u32) -> u32 {
  let state = input * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

fn randomAt(walk: u32, index: u32) -> f32 {
  let h = pcg(pcg(pcg(pcg(plan[14]) ^ plan[13]) ^ walk) ^ index); // seed, step
  return f32(h >> 8u) / 16777216.0;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  let task = plan[p.batchTask + 2u * (i / p.walksPerTask)];
  let held = min(counts[task], p.capacity);
  let recall = held > 0u && i % p.walksPerTask + p.recalled >= p.walksPerTask;
  replayed[i] = select(0u, 1u, recall);
  var stored = 0u;
  if (recall) {
    for (var draw = 0u; draw < p.draws; draw++) {
      let row = task * p.capacity + min(u32(randomAt(i, 0x40000000u + draw) * f32(held)), held - 1u);
      if (draw == 0u || rewards[row] > rewards[stored]) { stored = row; }
    }
  }
  for (var t = 0u; t < p.maxSteps; t++) {
    given[i * p.maxSteps + t] = select(0xffffffffu, edges[stored * p.maxSteps + t], recall);
  }
}
