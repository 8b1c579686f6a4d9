// dx[r, k] (+)= sum_c dy[r, c] w[k, c]: the gradient of a dense layer with respect to its input. 8 x 8 a block.
struct Params {
  rowsIndex: u32,
  inner: u32,
  columns: u32,
  xStride: u32,
  xOffset: u32,
  yStride: u32,
  yOffset: u32,
  accumulate: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let rows = counts[p.rowsIndex];
  let inner = p.inner;
  let columns = p.columns;
  let blocks = (inner + 7u) / 8u;
  let r = (i / blocks) * 8u;
  if (r >= rows) { return; }
  let k = (i % blocks) * 8u;
  let last = inner - 1u;
  let w0 = k * columns;
  let w1 = min(k + 1u, last) * columns;
  let w2 = min(k + 2u, last) * columns;
  let w3 = min(k + 3u, last) * columns;
  let w4 = min(k + 4u, last) * columns;
  let w5 = min(k + 5u, last) * columns;
  let w6 = min(k + 6u, last) * columns;
  let w7 = min(k + 7u, last) * columns;
  let lastRow = rows - 1u;
  let y0 = r * p.yStride + p.yOffset;
  let y1 = min(r + 1u, lastRow) * p.yStride + p.yOffset;
  let y2 = min(r + 2u, lastRow) * p.yStride + p.yOffset;
  let y3 = min(r + 3u, lastRow) * p.yStride + p.yOffset;
  let y4 = min(r + 4u, lastRow) * p.yStride + p.yOffset;
  let y5 = min(r + 5u, lastRow) * p.yStride + p.yOffset;
  let y6 = min(r + 6u, lastRow) * p.yStride + p.yOffset;
  let y7 = min(r + 7u, lastRow) * p.yStride + p.yOffset;
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
  for (var c = 0u; c < columns; c++) {
    let wa = vec4f(w[w0 + c], w[w1 + c], w[w2 + c], w[w3 + c]);
    let wb = vec4f(w[w4 + c], w[w5 + c], w[w6 + c], w[w7 + c]);
    let v0 = dy[y0 + c];
    a0 += v0 * wa;
    b0 += v0 * wb;
    let v1 = dy[y1 + c];
    a1 += v1 * wa;
    b1 += v1 * wb;
    let v2 = dy[y2 + c];
    a2 += v2 * wa;
    b2 += v2 * wb;
    let v3 = dy[y3 + c];
    a3 += v3 * wa;
    b3 += v3 * wb;
    let v4 = dy[y4 + c];
    a4 += v4 * wa;
    b4 += v4 * wb;
    let v5 = dy[y5 + c];
    a5 += v5 * wa;
    b5 += v5 * wb;
    let v6 = dy[y6 + c];
    a6 += v6 * wa;
    b6 += v6 * wb;
    let v7 = dy[y7 + c];
    a7 += v7 * wa;
    b7 += v7 * wb;
  }
  var acc = array<vec4f, 16>(a0, b0, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5, a6, b6, a7, b7);
  for (var j = 0u; j < 8u; j++) {
    if (r + j >= rows) { break; }
    let at = (r + j) * p.xStride + p.xOffset + k;
    for (var q = 0u; q < 8u; q++) {
      if (k + q >= inner) { break; }
      let sum = acc[2u * j + q / 4u][q % 4u];
      if (p.accumulate == 1u) { dx[at + q] += sum; } else { dx[at + q] = sum; }
    }
  }
}
