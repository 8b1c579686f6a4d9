// Per step of a walk: [log P_F, log P_B, log F, behaviour (the sampler's), entropy, log uniform, log F when sampled].
// Per walk: [sum log P_F, sum log P_B, beta log R~, T, R, solved, sum behaviour, 0].
struct Params {
  edgeTarget: u32,
  fixedLogPB: u32,
  logTarget: u32,
  reward: u32,
  solved: u32,
  slotRecords: u32,
  edgeRecords: u32,
  walkLength: u32,
  walkEdge: u32,
  walkPosition: u32,
  walkEntering: u32,
  maxSteps: u32,
  learned: u32,
  flow: u32,
  first: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> facts: array<f32>;
@group(0) @binding(3) var<storage, read> logPF: array<f32>;
@group(0) @binding(4) var<storage, read> logPB: array<f32>;
@group(0) @binding(5) var<storage, read> logF: array<f32>;
@group(0) @binding(6) var<storage, read_write> steps: array<f32>;
@group(0) @binding(7) var<storage, read_write> sums: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  let length = plan[p.walkLength + i];
  var forward = 0.0;
  var backward = 0.0;
  var behaviour = 0.0;
  for (var t = 0u; t < length; t++) {
    let at = i * p.maxSteps + t;
    let position = plan[p.walkPosition + at];
    let slot = plan[p.edgeRecords + position * 5u];
    let start = plan[p.slotRecords + slot * 10u + 1u];
    let degree = plan[p.slotRecords + slot * 10u + 2u];
    var entropy = 0.0;
    for (var e = start; e < start + degree; e++) { entropy -= exp(logPF[e]) * logPF[e]; }
    var back = 0.0;
    if (p.learned == 1u) {
      back = logPB[plan[p.walkEntering + at]];
    } else {
      back = facts[p.fixedLogPB + plan[p.walkEdge + at]];
    }
    var flow = 0.0;
    if (p.flow == 1u) { flow = logF[slot]; }
    let s = at * 7u;
    steps[s] = logPF[position];
    steps[s + 1u] = back;
    steps[s + 2u] = flow;
    steps[s + 4u] = entropy;
    steps[s + 5u] = -log(f32(degree));
    if (p.first == 1u) { steps[s + 6u] = flow; }
    forward += logPF[position];
    backward += back;
    behaviour += steps[s + 3u];
  }
  let outcome = graph[p.edgeTarget + plan[p.walkEdge + i * p.maxSteps + length - 1u]];
  sums[i * 8u] = forward;
  sums[i * 8u + 1u] = backward;
  sums[i * 8u + 2u] = facts[p.logTarget + outcome];
  sums[i * 8u + 3u] = f32(length);
  sums[i * 8u + 4u] = facts[p.reward + outcome];
  sums[i * 8u + 5u] = facts[p.solved + outcome];
  sums[i * 8u + 6u] = behaviour;
}
