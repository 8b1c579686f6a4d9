// VarGrad: loss per walk Delta^2, continued linearly where |Delta / T| > huber.
// One task an invocation; a walk's share of the batch mean is 1 / walks.
struct Params {
  walksPerTask: u32,
  huber: f32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> logZ: array<f32>;
@group(0) @binding(3) var<storage, read_write> coefficients: array<f32>;
@group(0) @binding(4) var<storage, read_write> dLogZ: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[9]) { return; } // batch
  let n = f32(plan[12]); // walks
  let first = i * p.walksPerTask;
  let end = first + p.walksPerTask;
  var estimate = 0.0;
  for (var w = first; w < end; w++) { estimate += sums[w * 8u + 2u] + sums[w * 8u + 1u] - sums[w * 8u]; }
  estimate /= f32(p.walksPerTask);
  logZ[i] = estimate;
  for (var w = first; w < end; w++) {
    let length = sums[w * 8u + 3u];
    // Added up as above, so that a task's only walk has no residual, not even one of rounding.
    let delta = estimate - (sums[w * 8u + 2u] + sums[w * 8u + 1u] - sums[w * 8u]);
    let scale = 1.0;
    let r = delta * scale;
    let bound = p.huber * length * scale;
    let clipped = clamp(r, -bound, bound);
    let g = 2.0 * clipped * scale / n;
    coefficients[w * 4u] = g;
    coefficients[w * 4u + 1u] = -g;
    coefficients[w * 4u + 2u] = clipped * (2.0 * r - clipped);
    coefficients[w * 4u + 3u] = delta / length;
  }
  dLogZ[i] = 0.0;
}
