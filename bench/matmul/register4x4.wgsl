// y[r, c] (+)= sum_k x[r, k] w[k, c] + bias[c], rows base .. base + rows - 1; the bias is row `inner` of w.
// One invocation makes a block of 4 x 4 in registers.
struct Params {
  rowsIndex: u32,
  baseIndex: u32,
  inner: u32,
  columns: u32,
  xStride: u32,
  xOffset: u32,
  yStride: u32,
  yOffset: u32,
  bias: u32,
  accumulate: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let rows = counts[p.rowsIndex];
  let base = counts[p.baseIndex];
  let columnBlocks = (p.columns + 3u) / 4u;
  let r = (i / columnBlocks) * 4u;
  if (r >= rows) { return; }
  let c = (i % columnBlocks) * 4u;
  let last = p.columns - 1u;
  let c0 = c;
  let c1 = min(c + 1u, last);
  let c2 = min(c + 2u, last);
  let c3 = min(c + 3u, last);
  let lastRow = rows - 1u;
  let x0 = (base + r) * p.xStride + p.xOffset;
  let x1 = (base + min(r + 1u, lastRow)) * p.xStride + p.xOffset;
  let x2 = (base + min(r + 2u, lastRow)) * p.xStride + p.xOffset;
  let x3 = (base + min(r + 3u, lastRow)) * p.xStride + p.xOffset;
  var a0 = vec4f(0.0);
  if (p.bias == 1u) {
    let b = p.inner * p.columns;
    a0 = vec4f(w[b + c0], w[b + c1], w[b + c2], w[b + c3]);
  }
  var a1 = a0;
  var a2 = a0;
  var a3 = a0;
  for (var k = 0u; k < p.inner; k++) {
    let row = k * p.columns;
    let wk = vec4f(w[row + c0], w[row + c1], w[row + c2], w[row + c3]);
    a0 += x[x0 + k] * wk;
    a1 += x[x1 + k] * wk;
    a2 += x[x2 + k] * wk;
    a3 += x[x3 + k] * wk;
  }
  var acc = array<vec4f, 4>(a0, a1, a2, a3);
  for (var j = 0u; j < 4u; j++) {
    if (r + j >= rows) { break; }
    let at = (base + r + j) * p.yStride + p.yOffset + c;
    for (var q = 0u; q < 4u; q++) {
      if (c + q < p.columns) {
        if (p.accumulate == 1u) { y[at + q] += acc[j][q]; } else { y[at + q] = acc[j][q]; }
      }
    }
  }
}
