// partial[j, k, c] = sum over rows r of chunk j of x[r, k] dy[r, c]; row `inner` is the bias, with x = 1.
// The sum over rows is split into chunks so that there is enough to do in parallel; sumPartials adds them in order.
// One invocation makes a block of 8 x 8 in registers.
struct Params {
  rowsIndex: u32,
  inner: u32,
  columns: u32,
  xStride: u32,
  xOffset: u32,
  yStride: u32,
  yOffset: u32,
  bias: u32,
  chunk: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> partial: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let rows = counts[p.rowsIndex];
  let inner = p.inner;
  let columns = p.columns;
  let height = inner + p.bias;
  let rowBlocks = (height + 7u) / 8u;
  let columnBlocks = (columns + 7u) / 8u;
  let chunk = i / (rowBlocks * columnBlocks);
  let first = chunk * p.chunk;
  if (first >= rows) { return; }
  let block = i % (rowBlocks * columnBlocks);
  let k = (block / columnBlocks) * 8u;
  let c = (block % columnBlocks) * 8u;
  let last = columns - 1u;
  let c1 = min(c + 1u, last);
  let c2 = min(c + 2u, last);
  let c3 = min(c + 3u, last);
  let c4 = min(c + 4u, last);
  let c5 = min(c + 5u, last);
  let c6 = min(c + 6u, last);
  let c7 = min(c + 7u, last);
  let lastInner = max(inner, 1u) - 1u;
  let k0 = min(k, lastInner);
  let k1 = min(k + 1u, lastInner);
  let k2 = min(k + 2u, lastInner);
  let k3 = min(k + 3u, lastInner);
  let k4 = min(k + 4u, lastInner);
  let k5 = min(k + 5u, lastInner);
  let k6 = min(k + 6u, lastInner);
  let k7 = min(k + 7u, lastInner);
  var a0 = vec4f(0.0);
  var b0 = vec4f(0.0);
  var a1 = vec4f(0.0);
  var b1 = vec4f(0.0);
  var a2 = vec4f(0.0);
  var b2 = vec4f(0.0);
  var a3 = vec4f(0.0);
  var b3 = vec4f(0.0);
  var a4 = vec4f(0.0);
  var b4 = vec4f(0.0);
  var a5 = vec4f(0.0);
  var b5 = vec4f(0.0);
  var a6 = vec4f(0.0);
  var b6 = vec4f(0.0);
  var a7 = vec4f(0.0);
  var b7 = vec4f(0.0);
  let xStride = p.xStride;
  let yStride = p.yStride;
  var xr = first * xStride + p.xOffset;
  var yr = first * yStride + p.yOffset;
  let end = min(first + p.chunk, rows);
  for (var r = first; r < end; r++) {
    let da = vec4f(dy[yr + c], dy[yr + c1], dy[yr + c2], dy[yr + c3]);
    let db = vec4f(dy[yr + c4], dy[yr + c5], dy[yr + c6], dy[yr + c7]);
    let v0 = select(x[xr + k0], 1.0, k >= inner);
    a0 += v0 * da;
    b0 += v0 * db;
    let v1 = select(x[xr + k1], 1.0, k + 1u >= inner);
    a1 += v1 * da;
    b1 += v1 * db;
    let v2 = select(x[xr + k2], 1.0, k + 2u >= inner);
    a2 += v2 * da;
    b2 += v2 * db;
    let v3 = select(x[xr + k3], 1.0, k + 3u >= inner);
    a3 += v3 * da;
    b3 += v3 * db;
    let v4 = select(x[xr + k4], 1.0, k + 4u >= inner);
    a4 += v4 * da;
    b4 += v4 * db;
    let v5 = select(x[xr + k5], 1.0, k + 5u >= inner);
    a5 += v5 * da;
    b5 += v5 * db;
    let v6 = select(x[xr + k6], 1.0, k + 6u >= inner);
    a6 += v6 * da;
    b6 += v6 * db;
    let v7 = select(x[xr + k7], 1.0, k + 7u >= inner);
    a7 += v7 * da;
    b7 += v7 * db;
    xr += xStride;
    yr += yStride;
  }
  var acc = array<vec4f, 16>(a0, b0, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5, a6, b6, a7, b7);
  let at = chunk * height * columns + c;
  for (var j = 0u; j < 8u; j++) {
    if (k + j >= height) { break; }
    for (var q = 0u; q < 8u; q++) {
      if (c + q >= columns) { break; }
      partial[at + (k + j) * columns + q] = acc[2u * j + q / 4u][q % 4u];
    }
  }
}
