// partial[j, k, c] = sum over rows r of chunk j of x[r, k] dy[r, c]; row `inner` is the bias, with x = 1.
// The sum over rows is split into chunks so that there is enough to do in parallel; sumPartials adds them in order.
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

// `row` is where the row starts in x.
fn input(row: u32, k: u32) -> f32 {
  if (k < p.inner) { return x[row + k]; }
  return select(0.0, 1.0, k == p.inner);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let rows = counts[p.rowsIndex];
  let height = p.inner + p.bias;
  let rowBlocks = (height + 3u) / 4u;
  let columnBlocks = (p.columns + 3u) / 4u;
  let chunk = i / (rowBlocks * columnBlocks);
  let first = chunk * p.chunk;
  if (first >= rows) { return; }
  let block = i % (rowBlocks * columnBlocks);
  let k = (block / columnBlocks) * 4u;
  let c = (block % columnBlocks) * 4u;
  let last = p.columns - 1u;
  let c1 = min(c + 1u, last);
  let c2 = min(c + 2u, last);
  let c3 = min(c + 3u, last);
  var a0 = vec4f(0.0);
  var a1 = vec4f(0.0);
  var a2 = vec4f(0.0);
  var a3 = vec4f(0.0);
  let end = min(first + p.chunk, rows);
  for (var r = first; r < end; r++) {
    let xr = r * p.xStride + p.xOffset;
    let yr = r * p.yStride + p.yOffset;
    let d = vec4f(dy[yr + c], dy[yr + c1], dy[yr + c2], dy[yr + c3]);
    a0 += input(xr, k) * d;
    a1 += input(xr, k + 1u) * d;
    a2 += input(xr, k + 2u) * d;
    a3 += input(xr, k + 3u) * d;
  }
  var acc = array<vec4f, 4>(a0, a1, a2, a3);
  let at = chunk * height * p.columns;
  for (var j = 0u; j < 4u; j++) {
    if (k + j >= height) { break; }
    for (var q = 0u; q < 4u; q++) {
      if (c + q < p.columns) { partial[at + (k + j) * p.columns + c + q] = acc[j][q]; }
    }
  }
}
