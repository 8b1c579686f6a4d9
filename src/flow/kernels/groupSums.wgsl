// Per task: [the log Z that would balance its walks on average, mean R, standard deviation of R, 0]. One task an invocation.
struct Params {
  walksPerTask: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> group: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (id.y * groups.x + id.x) * 64u + lane;
  if (i >= plan[9]) { return; } // batch
  let first = i * p.walksPerTask;
  let end = first + p.walksPerTask;
  let n = f32(p.walksPerTask);
  let own = sums[first * 8u + 4u];
  var logZ = 0.0;
  var reward = 0.0;
  var equal = true;
  for (var w = first; w < end; w++) {
    logZ += sums[w * 8u + 2u] + sums[w * 8u + 1u] - sums[w * 8u];
    reward += sums[w * 8u + 4u];
    equal = equal && sums[w * 8u + 4u] == own;
  }
  let mean = reward / n;
  var square = 0.0;
  for (var w = first; w < end; w++) {
    let off = sums[w * 8u + 4u] - mean;
    square += off * off;
  }
  group[i * 4u] = logZ / n;
  group[i * 4u + 1u] = select(mean, own, equal);
  group[i * 4u + 2u] = select(sqrt(square / n), 0.0, equal);
}
