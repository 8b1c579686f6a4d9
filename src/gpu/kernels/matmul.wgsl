// y[r, c] (+)= sum_k x[r, k] w[k, c] + bias[c], rows base .. base + rows - 1; the bias is row `inner` of w.
// One invocation makes a block of 8 x 8 in registers: 16 loads for 64 products. No workgroup memory: barriers cost more
// than cached loads here.
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
  let inner = p.inner;
  let columns = p.columns;
  let columnBlocks = (columns + 7u) / 8u;
  let r = (i / columnBlocks) * 8u;
  if (r >= rows) { return; }
  let c = (i % columnBlocks) * 8u;
  let last = columns - 1u;
  let c1 = min(c + 1u, last);
  let c2 = min(c + 2u, last);
  let c3 = min(c + 3u, last);
  let c4 = min(c + 4u, last);
  let c5 = min(c + 5u, last);
  let c6 = min(c + 6u, last);
  let c7 = min(c + 7u, last);
  let lastRow = rows - 1u;
  let x0 = (base + r) * p.xStride + p.xOffset;
  let x1 = (base + min(r + 1u, lastRow)) * p.xStride + p.xOffset;
  let x2 = (base + min(r + 2u, lastRow)) * p.xStride + p.xOffset;
  let x3 = (base + min(r + 3u, lastRow)) * p.xStride + p.xOffset;
  let x4 = (base + min(r + 4u, lastRow)) * p.xStride + p.xOffset;
  let x5 = (base + min(r + 5u, lastRow)) * p.xStride + p.xOffset;
  let x6 = (base + min(r + 6u, lastRow)) * p.xStride + p.xOffset;
  let x7 = (base + min(r + 7u, lastRow)) * p.xStride + p.xOffset;
  var a0 = vec4f(0.0);
  var b0 = vec4f(0.0);
  if (p.bias == 1u) {
    let bias = inner * columns;
    a0 = vec4f(w[bias + c], w[bias + c1], w[bias + c2], w[bias + c3]);
    b0 = vec4f(w[bias + c4], w[bias + c5], w[bias + c6], w[bias + c7]);
  }
  var a1 = a0;
  var b1 = b0;
  var a2 = a0;
  var b2 = b0;
  var a3 = a0;
  var b3 = b0;
  var a4 = a0;
  var b4 = b0;
  var a5 = a0;
  var b5 = b0;
  var a6 = a0;
  var b6 = b0;
  var a7 = a0;
  var b7 = b0;
  var row = 0u;
  for (var k = 0u; k < inner; k++) {
    let wa = vec4f(w[row + c], w[row + c1], w[row + c2], w[row + c3]);
    let wb = vec4f(w[row + c4], w[row + c5], w[row + c6], w[row + c7]);
    let v0 = x[x0 + k];
    a0 += v0 * wa;
    b0 += v0 * wb;
    let v1 = x[x1 + k];
    a1 += v1 * wa;
    b1 += v1 * wb;
    let v2 = x[x2 + k];
    a2 += v2 * wa;
    b2 += v2 * wb;
    let v3 = x[x3 + k];
    a3 += v3 * wa;
    b3 += v3 * wb;
    let v4 = x[x4 + k];
    a4 += v4 * wa;
    b4 += v4 * wb;
    let v5 = x[x5 + k];
    a5 += v5 * wa;
    b5 += v5 * wb;
    let v6 = x[x6 + k];
    a6 += v6 * wa;
    b6 += v6 * wb;
    let v7 = x[x7 + k];
    a7 += v7 * wa;
    b7 += v7 * wb;
    row += columns;
  }
  var acc = array<vec4f, 16>(a0, b0, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5, a6, b6, a7, b7);
  for (var j = 0u; j < 8u; j++) {
    if (r + j >= rows) { break; }
    let at = (base + r + j) * p.yStride + p.yOffset + c;
    for (var q = 0u; q < 8u; q++) {
      if (c + q >= columns) { break; }
      let sum = acc[2u * j + q / 4u][q % 4u];
      if (p.accumulate == 1u) { y[at + q] += sum; } else { y[at + q] = sum; }
    }
  }
}
