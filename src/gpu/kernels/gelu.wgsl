// y[r, c] = GELU(x[r, c]), tanh form.
struct Params {
  rowsIndex: u32,
  baseIndex: u32,
  columns: u32,
  xStride: u32,
  xOffset: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn gelu(v: f32) -> f32 {
  // Beyond 15 tanh is 1; implementations by exponentials overflow there.
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  return 0.5 * v * (1.0 + tanh(z));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= counts[p.rowsIndex] * p.columns) { return; }
  let r = counts[p.baseIndex] + i / p.columns;
  let c = i % p.columns;
  y[r * p.columns + c] = gelu(x[r * p.xStride + p.xOffset + c]);
}
