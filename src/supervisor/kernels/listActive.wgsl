// The entries of an inverse index that count in this step, row by row: those whose node has a mark, in their order, from
// where the row's entries begin; NONE after the last, unless all count. One workgroup a row. Each invocation looks at a
// run of entries, and learns from the counts of those before it where to write.
struct Params {
  rowsIndex: u32,
  rows: u32,
  rowStride: u32,
  inverseStart: u32,
  inverse: u32,
  nodeOf: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> marks: array<u32>;
@group(0) @binding(3) var<storage, read_write> listed: array<u32>;
@group(0) @binding(4) var<uniform> p: Params;

const NONE = 0xffffffffu;
var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= plan[p.rowsIndex]) { return; }
  let start = p.inverseStart + plan[p.rows + row * p.rowStride + 1u];
  let begin = graph[start];
  let end = graph[start + 1u];
  let share = (end - begin + 63u) / 64u;
  let first = min(begin + lane * share, end);
  let stop = min(first + share, end);
  var own = 0u;
  for (var j = first; j < stop; j++) {
    var node = graph[p.inverse + j];
    if (p.nodeOf != NONE) { node = graph[p.nodeOf + node]; }
    if (marks[node] != 0u) { own += 1u; }
  }
  found[lane] = own;
  workgroupBarrier();
  var at = begin;
  for (var before = 0u; before < lane; before++) { at += found[before]; }
  for (var j = first; j < stop; j++) {
    var node = graph[p.inverse + j];
    if (p.nodeOf != NONE) { node = graph[p.nodeOf + node]; }
    if (marks[node] != 0u) {
      listed[at] = j;
      at += 1u;
    }
  }
  if (lane == 63u && at < end) { listed[at] = NONE; }
}
