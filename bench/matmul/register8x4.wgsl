// y[r, c] (+)= sum_k x[r, k] w[k, c] + bias[c], rows base .. base + rows - 1; the bias is row `inner` of w.
// One invocation makes a block of 8 x 4 in registers.
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
  let columns = p.columns;
  let inner = p.inner;
  let columnBlocks = (columns + 3u) / 4u;
  let r = (i / columnBlocks) * 8u;
  if (r >= rows) { return; }
  let c = (i % columnBlocks) * 4u;
  let last = columns - 1u;
  let lastRow = rows - 1u;
  let c0 = min(c + 0u, last);
  let c1 = min(c + 1u, last);
  let c2 = min(c + 2u, last);
  let c3 = min(c + 3u, last);
  let x0 = (base + min(r + 0u, lastRow)) * p.xStride + p.xOffset;
  let x1 = (base + min(r + 1u, lastRow)) * p.xStride + p.xOffset;
  let x2 = (base + min(r + 2u, lastRow)) * p.xStride + p.xOffset;
  let x3 = (base + min(r + 3u, lastRow)) * p.xStride + p.xOffset;
  let x4 = (base + min(r + 4u, lastRow)) * p.xStride + p.xOffset;
  let x5 = (base + min(r + 5u, lastRow)) * p.xStride + p.xOffset;
  let x6 = (base + min(r + 6u, lastRow)) * p.xStride + p.xOffset;
  let x7 = (base + min(r + 7u, lastRow)) * p.xStride + p.xOffset;
  var a0_0 = vec4f(0.0);
  if (p.bias == 1u) {
    let b = inner * columns;
    a0_0 = vec4f(w[b + c0], w[b + c1], w[b + c2], w[b + c3]);
  }
  var a1_0 = a0_0;
  var a2_0 = a0_0;
  var a3_0 = a0_0;
  var a4_0 = a0_0;
  var a5_0 = a0_0;
  var a6_0 = a0_0;
  var a7_0 = a0_0;
  var row = 0u;
  for (var k = 0u; k < inner; k++) {
    let w0 = vec4f(w[row + c0], w[row + c1], w[row + c2], w[row + c3]);
    let v0 = x[x0 + k];
    a0_0 += v0 * w0;
    let v1 = x[x1 + k];
    a1_0 += v1 * w0;
    let v2 = x[x2 + k];
    a2_0 += v2 * w0;
    let v3 = x[x3 + k];
    a3_0 += v3 * w0;
    let v4 = x[x4 + k];
    a4_0 += v4 * w0;
    let v5 = x[x5 + k];
    a5_0 += v5 * w0;
    let v6 = x[x6 + k];
    a6_0 += v6 * w0;
    let v7 = x[x7 + k];
    a7_0 += v7 * w0;
    row += columns;
  }
  var acc0 = array<vec4f, 8>(a0_0, a1_0, a2_0, a3_0, a4_0, a5_0, a6_0, a7_0);
  for (var j = 0u; j < 8u; j++) {
    if (r + j >= rows) { break; }
    let at = (base + r + j) * p.yStride + p.yOffset + c + 0u;
    for (var q = 0u; q < 4u; q++) {
      if (c + 0u + q < columns) {
        if (p.accumulate == 1u) { y[at + q] += acc0[j][q]; } else { y[at + q] = acc0[j][q]; }
      }
    }
  }
}
