// d task[b, c] = sum over the slots (or targets) of task b of dz[., width + c].
struct Params {
  records: u32,
  rowsIndex: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> dz: array<f32>;
@group(0) @binding(2) var<storage, read_write> dTask: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[9] * p.width) { return; } // batch
  let b = i / p.width;
  var sum = 0.0;
  for (var row = 0u; row < plan[p.rowsIndex]; row++) {
    if (plan[p.records + row * 10u + 6u] == b) { sum += dz[row * (2u * p.width + 1u) + p.width + i % p.width]; }
  }
  dTask[i] = sum;
}
