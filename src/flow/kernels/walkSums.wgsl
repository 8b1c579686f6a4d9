// Per walk: [sum log P_F, sum log P_B, beta log R~, T, R, solved, 0, 0].
struct Params {
  edgeTarget: u32,
  fixedLogPB: u32,
  logTarget: u32,
  reward: u32,
  solved: u32,
  walkLength: u32,
  walkEdge: u32,
  walkPosition: u32,
  walkEntering: u32,
  maxSteps: u32,
  learned: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> facts: array<f32>;
@group(0) @binding(3) var<storage, read> logPF: array<f32>;
@group(0) @binding(4) var<storage, read> logPB: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  let length = plan[p.walkLength + i];
  var forward = 0.0;
  var backward = 0.0;
  for (var t = 0u; t < length; t++) {
    let at = i * p.maxSteps + t;
    forward += logPF[plan[p.walkPosition + at]];
    if (p.learned == 1u) {
      backward += logPB[plan[p.walkEntering + at]];
    } else {
      backward += facts[p.fixedLogPB + plan[p.walkEdge + at]];
    }
  }
  let outcome = graph[p.edgeTarget + plan[p.walkEdge + i * p.maxSteps + length - 1u]];
  sums[i * 8u] = forward;
  sums[i * 8u + 1u] = backward;
  sums[i * 8u + 2u] = facts[p.logTarget + outcome];
  sums[i * 8u + 3u] = f32(length);
  sums[i * 8u + 4u] = facts[p.reward + outcome];
  sums[i * 8u + 5u] = facts[p.solved + outcome];
}
