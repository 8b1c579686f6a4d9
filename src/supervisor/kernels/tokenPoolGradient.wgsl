// d pool[row, c] = GELU'(pool) sum over the visited nodes that hold the token of d z[node, c] / sqrt(its items).
// listActive found the nodes in the store's inverse index; `visit` says which record is theirs.
struct Params {
  records: u32,
  tokenRows: u32,
  tokenInverseStart: u32,
  tokenInverseNode: u32,
  width: u32,
  stride: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> visit: array<u32>;
@group(0) @binding(3) var<storage, read> listed: array<u32>;
@group(0) @binding(4) var<storage, read> tokens: array<f32>;
@group(0) @binding(5) var<storage, read> dz: array<f32>;
@group(0) @binding(6) var<storage, read_write> dTokens: array<f32>;
@group(0) @binding(7) var<uniform> p: Params;

fn geluSlope(v: f32) -> f32 {
  let z = clamp(0.7978845608 * (v + 0.044715 * v * v * v), -15.0, 15.0);
  let t = tanh(z);
  return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * v * v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  if (i >= plan[11] * d) { return; } // tokenRows
  let row = i / d;
  let c = i % d;
  let inverse = p.tokenInverseStart + plan[p.tokenRows + row * 4u + 1u];
  var sum = 0.0;
  for (var k = graph[inverse]; k < graph[inverse + 1u]; k++) {
    let j = listed[k];
    if (j == 0xffffffffu) { break; }
    let visited = visit[graph[p.tokenInverseNode + j]];
    let record = p.records + (visited - 1u) * 10u;
    sum += dz[(visited - 1u) * (2u * d + 1u) + c] * inverseSqrt(f32(plan[record + 4u]));
  }
  dTokens[row * p.stride + c] = sum * geluSlope(tokens[row * p.stride + c]);
}
