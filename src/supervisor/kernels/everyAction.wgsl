// log P_B(e) = logit(a) - log sum over all actions a' of the state before of exp logit(a'), with
// logit(a) = query(s') . key(a) / sqrt(d). One entering edge an invocation.
struct Params {
  enteringRecords: u32,
  batchOf: u32,
  nodeTask: u32,
  outStart: u32,
  edgeAction: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<f32>;
@group(0) @binding(3) var<storage, read> queries: array<f32>;
@group(0) @binding(4) var<storage, read_write> logPB: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

fn logit(query: u32, row: u32) -> f32 {
  var dot = 0.0;
  for (var c = 0u; c < p.width; c++) { dot += queries[query + c] * keys[row * p.width + c]; }
  return dot * inverseSqrt(f32(p.width));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[8]) { return; } // entering
  let record = p.enteringRecords + i * 4u;
  let query = plan[record] * p.width;
  let node = plan[record + 3u];
  let firstRow = plan[p.batchOf + graph[p.nodeTask + node] * 4u + 1u];
  // Below any logit; what it stands for is multiplied by a total of 0.
  var top = -3.0e38;
  var total = 0.0;
  for (var e = graph[p.outStart + node]; e < graph[p.outStart + node + 1u]; e++) {
    let value = logit(query, firstRow + graph[p.edgeAction + e]);
    let higher = max(top, value);
    total = total * exp(top - higher) + exp(value - higher);
    top = higher;
  }
  logPB[i] = logit(query, plan[record + 1u]) - top - log(total);
}
