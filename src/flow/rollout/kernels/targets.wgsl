// One target for each node that a walk entered, in the order of (walk, step), and each step's place among
// the edges that enter its target. One workgroup; see frontier for how a node is claimed.
struct Params {
  walkEdge: u32,
  walkEntering: u32,
  targetRecords: u32,
  inStart: u32,
  inRank: u32,
  edgeTarget: u32,
  maxSteps: u32,
  targetCapacity: u32,
  enteringCapacity: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read_write> entered: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> p: Params;

const CLAIM = 0x80000000u;
const NONE = 0xffffffffu;
var<workgroup> targetCount: array<u32, 256>;
var<workgroup> edgeCount: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  let visits = plan[12] * p.maxSteps; // walks
  for (var i = lane; i < visits; i += 256u) {
    let edge = plan[p.walkEdge + i];
    if (edge != NONE) { atomicMax(&entered[graph[p.edgeTarget + edge]], CLAIM + visits - i); }
  }
  storageBarrier();
  workgroupBarrier();
  let share = (visits + 255u) / 256u;
  let first = min(lane * share, visits);
  let end = min(first + share, visits);
  var targets = 0u;
  var edges = 0u;
  for (var i = first; i < end; i++) {
    let edge = plan[p.walkEdge + i];
    if (edge == NONE) { continue; }
    let node = graph[p.edgeTarget + edge];
    if (atomicLoad(&entered[node]) != CLAIM + visits - i) { continue; }
    targets += 1u;
    edges += graph[p.inStart + node + 1u] - graph[p.inStart + node];
  }
  targetCount[lane] = targets;
  edgeCount[lane] = edges;
  workgroupBarrier();
  if (lane == 0u) {
    var targetSum = 0u;
    var edgeSum = 0u;
    for (var j = 0u; j < 256u; j++) {
      let t = targetCount[j];
      let e = edgeCount[j];
      targetCount[j] = targetSum;
      edgeCount[j] = edgeSum;
      targetSum += t;
      edgeSum += e;
    }
    if (targetSum > p.targetCapacity || edgeSum > p.enteringCapacity) { plan[16] = 1u; } // overflow
    plan[7] = targetSum;
    plan[8] = edgeSum;
  }
  workgroupBarrier();
  var v = targetCount[lane];
  var at = edgeCount[lane];
  for (var i = first; i < end; i++) {
    let edge = plan[p.walkEdge + i];
    if (edge == NONE) { continue; }
    let node = graph[p.edgeTarget + edge];
    if (atomicLoad(&entered[node]) != CLAIM + visits - i) { continue; }
    plan[p.targetRecords + v * 10u] = node;
    plan[p.targetRecords + v * 10u + 1u] = at;
    atomicStore(&entered[node], v + 1u);
    v += 1u;
    at += graph[p.inStart + node + 1u] - graph[p.inStart + node];
  }
  storageBarrier();
  workgroupBarrier();
  for (var i = lane; i < visits; i += 256u) {
    let edge = plan[p.walkEdge + i];
    if (edge == NONE) { continue; }
    let node = atomicLoad(&entered[graph[p.edgeTarget + edge]]) - 1u;
    plan[p.walkEntering + i] = plan[p.targetRecords + node * 10u + 1u] + graph[p.inRank + edge];
  }
}
