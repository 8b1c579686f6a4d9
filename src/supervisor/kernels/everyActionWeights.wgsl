// weight[step, a'] = coefficient (1[a' taken] - P_B(a')) / sqrt(d), one step of a walk an invocation.
struct Params {
  enteringRecords: u32,
  batchOf: u32,
  nodeTask: u32,
  outStart: u32,
  edgeAction: u32,
  walkEntering: u32,
  maxSteps: u32,
  maxDegree: u32,
  column: u32,
  stride: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<f32>;
@group(0) @binding(3) var<storage, read> queries: array<f32>;
@group(0) @binding(4) var<storage, read> logPB: array<f32>;
@group(0) @binding(5) var<storage, read> coefficients: array<f32>;
@group(0) @binding(6) var<storage, read_write> weights: array<f32>;
@group(0) @binding(7) var<uniform> p: Params;

fn logit(query: u32, row: u32) -> f32 {
  var dot = 0.0;
  for (var c = 0u; c < p.width; c++) { dot += queries[query + c] * keys[row * p.width + c]; }
  return dot * inverseSqrt(f32(p.width));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let j = (group.y * groups.x + group.x) * 64u + lane;
  if (j >= plan[12] * p.maxSteps) { return; } // walks
  let place = plan[p.walkEntering + j];
  if (place == 0xffffffffu) { return; }
  let record = p.enteringRecords + place * 4u;
  let query = plan[record] * p.width;
  let edge = plan[record + 2u];
  let node = plan[record + 3u];
  let firstRow = plan[p.batchOf + graph[p.nodeTask + node] * 4u + 1u];
  let total = logit(query, plan[record + 1u]) - logPB[place];
  let scale = coefficients[j * p.stride + p.column] * inverseSqrt(f32(p.width));
  let first = graph[p.outStart + node];
  for (var e = first; e < graph[p.outStart + node + 1u]; e++) {
    let probability = exp(logit(query, firstRow + graph[p.edgeAction + e]) - total);
    weights[j * p.maxDegree + e - first] = scale * (select(0.0, 1.0, e == edge) - probability);
  }
}
