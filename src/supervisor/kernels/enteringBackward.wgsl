// From the backward policy's logits to what a target asks of its entering edges: d queries [targets, d], d parents [targets, d + 1].
struct Params {
  targetRecords: u32,
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
@group(0) @binding(5) var<storage, read> dLogits: array<f32>;
@group(0) @binding(6) var<storage, read_write> dQueries: array<f32>;
@group(0) @binding(7) var<storage, read_write> dParents: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let d = p.width;
  let size = 2u * d + 1u;
  if (i >= plan[7] * size) { return; } // targets
  let v = i / size;
  let c = i % size;
  let record = p.targetRecords + v * 10u;
  let first = plan[record + 1u];
  let end = first + plan[record + 2u];
  let tokenRow = plan[record + 5u];
  var sum = 0.0;
  for (var e = first; e < end; e++) {
    let at = p.enteringRecords + e * 4u;
    if (c < d) {
      sum += dLogits[e] * keys[plan[at + 1u] * d + c];
      continue;
    }
    let node = plan[at + 3u];
    if (c == 2u * d) {
      sum += dLogits[e] * facts[p.stepFeature + node];
      continue;
    }
    let begin = graph[p.itemStart + node];
    let stop = graph[p.itemStart + node + 1u];
    var pooled = 0.0;
    for (var j = begin; j < stop; j++) { pooled += activated[(tokenRow + graph[p.itemList + j]) * d + c - d]; }
    sum += dLogits[e] * pooled * inverseSqrt(f32(max(stop - begin, 1u)));
  }
  sum *= inverseSqrt(f32(d));
  if (c < d) { dQueries[v * d + c] = sum; } else { dParents[v * (d + 1u) + c - d] = sum; }
}
