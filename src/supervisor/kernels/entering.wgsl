// logit(e | s') = (query(s') . key(a) + parent(s') . [pooled items of s ; step of s]) / sqrt(d), one entering edge an invocation.
struct Params {
  enteringRecords: u32,
  batchOf: u32,
  itemStart: u32,
  itemList: u32,
  nodeTask: u32,
  stepFeature: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> facts: array<f32>;
@group(0) @binding(3) var<storage, read> activated: array<f32>;
@group(0) @binding(4) var<storage, read> keys: array<f32>;
@group(0) @binding(5) var<storage, read> queries: array<f32>;
@group(0) @binding(6) var<storage, read> parents: array<f32>;
@group(0) @binding(7) var<storage, read_write> logits: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[8]) { return; } // entering
  let d = p.width;
  let record = p.enteringRecords + i * 4u;
  let query = plan[record] * d;
  let parent = plan[record] * (d + 1u);
  let key = plan[record + 1u] * d;
  let node = plan[record + 3u];
  let tokenRow = plan[p.batchOf + graph[p.nodeTask + node] * 4u + 2u];
  let first = graph[p.itemStart + node];
  let end = graph[p.itemStart + node + 1u];
  var acc = parents[parent + d] * facts[p.stepFeature + node];
  for (var c = 0u; c < d; c++) { acc += queries[query + c] * keys[key + c]; }
  var pooled = 0.0;
  for (var j = first; j < end; j++) {
    let item = (tokenRow + graph[p.itemList + j]) * d;
    for (var c = 0u; c < d; c++) { pooled += parents[parent + c] * activated[item + c]; }
  }
  logits[i] = (acc + pooled * inverseSqrt(f32(max(end - first, 1u)))) * inverseSqrt(f32(d));
}
