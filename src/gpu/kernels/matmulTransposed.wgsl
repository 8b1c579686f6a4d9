// dx[r, k] (+)= sum_c dy[r, c] w[k, c]: the gradient of a dense layer with respect to its input. 4 x 4 a block.
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
  let blocks = (p.inner + 3u) / 4u;
  let r = (i / blocks) * 4u;
  if (r >= rows) { return; }
  let k = (i % blocks) * 4u;
  let last = p.inner - 1u;
  let w0 = k * p.columns;
  let w1 = min(k + 1u, last) * p.columns;
  let w2 = min(k + 2u, last) * p.columns;
  let w3 = min(k + 3u, last) * p.columns;
  let lastRow = rows - 1u;
  let y0 = r * p.yStride + p.yOffset;
  let y1 = min(r + 1u, lastRow) * p.yStride + p.yOffset;
  let y2 = min(r + 2u, lastRow) * p.yStride + p.yOffset;
  let y3 = min(r + 3u, lastRow) * p.yStride + p.yOffset;
  var a0 = vec4f(0.0);
  var a1 = vec4f(0.0);
  var a2 = vec4f(0.0);
  var a3 = vec4f(0.0);
  for (var c = 0u; c < p.columns; c++) {
    let wc = vec4f(w[w0 + c], w[w1 + c], w[w2 + c], w[w3 + c]);
    a0 += dy[y0 + c] * wc;
    a1 += dy[y1 + c] * wc;
    a2 += dy[y2 + c] * wc;
    a3 += dy[y3 + c] * wc;
  }
  var acc = array<vec4f, 4>(a0, a1, a2, a3);
  for (var j = 0u; j < 4u; j++) {
    if (r + j >= rows) { break; }
    let at = (r + j) * p.xStride + p.xOffset + k;
    for (var q = 0u; q < 4u; q++) {
      if (k + q < p.inner) {
        if (p.accumulate == 1u) { dx[at + q] += acc[j][q]; } else { dx[at + q] = acc[j][q]; }
      }
    }
  }
}
