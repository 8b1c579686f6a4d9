// y[r, c] (+)= sum_k x[r, k] w[k, c] + bias[c], rows base .. base + rows - 1; the bias is row `inner` of w.
// A workgroup makes a tile of 32 x 32 from tiles in workgroup memory, an invocation 4 x 4 of it.
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

const TILE = 32u;
const DEPTH = 16u;
var<workgroup> xs: array<f32, 512>;
var<workgroup> ws: array<vec4f, 128>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = group.y * groups.x + group.x;
  let rows = counts[p.rowsIndex];
  let base = counts[p.baseIndex];
  let inner = p.inner;
  let columns = p.columns;
  let columnTiles = (columns + TILE - 1u) / TILE;
  let r0 = (tile / columnTiles) * TILE;
  let c0 = (tile % columnTiles) * TILE;
  let r = (lane / 8u) * 4u;
  let c = lane % 8u;
  var acc: array<vec4f, 4>;
  for (var k0 = 0u; k0 < inner; k0 += DEPTH) {
    for (var j = lane; j < TILE * DEPTH; j += 64u) {
      let row = r0 + j / DEPTH;
      let k = k0 + j % DEPTH;
      xs[j] = 0.0;
      if (row < rows && k < inner) { xs[j] = x[(base + row) * p.xStride + p.xOffset + k]; }
    }
    for (var j = lane; j < 128u; j += 64u) {
      let k = k0 + j / 8u;
      let at = c0 + (j % 8u) * 4u;
      var v = vec4f(0.0);
      if (k < inner) {
        for (var q = 0u; q < 4u; q++) {
          if (at + q < columns) { v[q] = w[k * columns + at + q]; }
        }
      }
      ws[j] = v;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let wk = ws[k * 8u + c];
      acc[0] += xs[r * DEPTH + k] * wk;
      acc[1] += xs[(r + 1u) * DEPTH + k] * wk;
      acc[2] += xs[(r + 2u) * DEPTH + k] * wk;
      acc[3] += xs[(r + 3u) * DEPTH + k] * wk;
    }
    workgroupBarrier();
  }
  for (var j = 0u; j < 4u; j++) {
    if (r0 + r + j >= rows) { break; }
    for (var q = 0u; q < 4u; q++) {
      let column = c0 + c * 4u + q;
      if (column >= columns) { break; }
      let at = (base + r0 + r + j) * p.yStride + p.yOffset + column;
      var sum = acc[j][q];
      if (p.bias == 1u) { sum += w[inner * columns + column]; }
      if (p.accumulate == 1u) { y[at] += sum; } else { y[at] = sum; }
    }
  }
}
