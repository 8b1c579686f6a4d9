// Gradient of what a state gives its edges: sums over the edges of a slot.
// dStates[slot] = [sum_e dHidden[e] | sum_e dLogit[e] pointer key(a_e) / sqrt(d)].
struct Params {
  slotRecords: u32,
  edgeRecords: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> actions: array<f32>;
@group(0) @binding(2) var<storage, read> dHidden: array<f32>;
@group(0) @binding(3) var<storage, read> dLogits: array<f32>;
@group(0) @binding(4) var<storage, read_write> dStates: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[1] * 2u * d) { return; } // slots
  let c = i % (2u * d);
  let record = p.slotRecords + (i / (2u * d)) * 10u;
  let first = plan[record + 1u];
  let end = first + plan[record + 2u];
  var sum = 0.0;
  if (c < d) {
    for (var e = first; e < end; e++) { sum += dHidden[e * d + c]; }
  } else {
    for (var e = first; e < end; e++) { sum += dLogits[e] * actions[plan[p.edgeRecords + e * 5u + 1u] * 3u * d + d + c]; }
    sum *= inverseSqrt(f32(d));
  }
  dStates[i] = sum;
}
