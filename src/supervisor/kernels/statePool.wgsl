// z[i] = [sum over items of activated[item] / sqrt(n) ; task ; step]: a trunk's input for slots or targets.
struct Params {
  records: u32,
  rowsIndex: u32,
  baseIndex: u32,
  width: u32,
  stepFeature: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> facts: array<f32>;
@group(0) @binding(3) var<storage, read> activated: array<f32>;
@group(0) @binding(4) var<storage, read> task: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let size = 2u * p.width + 1u;
  if (i >= plan[p.rowsIndex] * size) { return; }
  let row = plan[p.baseIndex] + i / size;
  let c = i % size;
  let record = p.records + row * 10u;
  var value = 0.0;
  if (c < p.width) {
    let items = plan[record + 3u];
    let count = plan[record + 4u];
    let tokenRow = plan[record + 5u];
    for (var j = 0u; j < count; j++) { value += activated[(tokenRow + graph[items + j]) * p.width + c]; }
    value /= sqrt(f32(max(count, 1u)));
  } else if (c < 2u * p.width) {
    value = task[plan[record + 6u] * p.width + c - p.width];
  } else {
    value = facts[p.stepFeature + plan[record]];
  }
  z[row * size + c] = value;
}
