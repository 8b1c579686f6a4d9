// One slot for each state that walks stand in and that has none yet, in the order of the walks.
// One workgroup. A walk claims its state with the largest number among those that stand there, which is
// the first walk's; integers, so the result does not depend on scheduling.
struct Params {
  walkNode: u32,
  walkSlot: u32,
  slotRecords: u32,
  outStart: u32,
  slotCapacity: u32,
  edgeCapacity: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read_write> visit: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> p: Params;

const CLAIM = 0x80000000u;
const NONE = 0xffffffffu;
var<workgroup> slotCount: array<u32, 256>;
var<workgroup> edgeCount: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  let walks = plan[12];
  let slotBase = plan[1];
  let edgeBase = plan[2];
  for (var w = lane; w < walks; w += 256u) {
    let node = plan[p.walkNode + w];
    if (node == NONE) { continue; }
    let seen = atomicLoad(&visit[node]);
    if (seen == 0u || seen >= CLAIM) { atomicMax(&visit[node], CLAIM + walks - w); }
  }
  storageBarrier();
  workgroupBarrier();
  let share = (walks + 255u) / 256u;
  let first = min(lane * share, walks);
  let end = min(first + share, walks);
  var slots = 0u;
  var edges = 0u;
  for (var w = first; w < end; w++) {
    let node = plan[p.walkNode + w];
    if (node == NONE || atomicLoad(&visit[node]) != CLAIM + walks - w) { continue; }
    slots += 1u;
    edges += graph[p.outStart + node + 1u] - graph[p.outStart + node];
  }
  slotCount[lane] = slots;
  edgeCount[lane] = edges;
  workgroupBarrier();
  if (lane == 0u) {
    var slotSum = 0u;
    var edgeSum = 0u;
    for (var j = 0u; j < 256u; j++) {
      let s = slotCount[j];
      let e = edgeCount[j];
      slotCount[j] = slotSum;
      edgeCount[j] = edgeSum;
      slotSum += s;
      edgeSum += e;
    }
    if (slotBase + slotSum > p.slotCapacity || edgeBase + edgeSum > p.edgeCapacity) { plan[16] = 1u; } // overflow
    plan[3] = slotSum;
    plan[4] = edgeSum;
    plan[5] = slotBase;
    plan[6] = edgeBase;
    plan[1] = slotBase + slotSum;
    plan[2] = edgeBase + edgeSum;
  }
  workgroupBarrier();
  var slot = slotBase + slotCount[lane];
  var edge = edgeBase + edgeCount[lane];
  for (var w = first; w < end; w++) {
    let node = plan[p.walkNode + w];
    if (node == NONE || atomicLoad(&visit[node]) != CLAIM + walks - w) { continue; }
    plan[p.slotRecords + slot * 10u] = node;
    plan[p.slotRecords + slot * 10u + 1u] = edge;
    atomicStore(&visit[node], slot + 1u);
    slot += 1u;
    edge += graph[p.outStart + node + 1u] - graph[p.outStart + node];
  }
  storageBarrier();
  workgroupBarrier();
  for (var w = lane; w < walks; w += 256u) {
    let node = plan[p.walkNode + w];
    if (node != NONE) { plan[p.walkSlot + w] = atomicLoad(&visit[node]) - 1u; }
  }
}
