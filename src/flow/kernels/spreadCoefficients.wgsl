// From one coefficient per step to the gradient in front of each logit: a step puts its coefficient on its edge, and the
// softmax over the record's edges gives dlogit = coefficient - P sum of coefficients. A coefficient c in front of the
// record's entropy H adds -c P (log P + H).
// One record (slot or target) an invocation, the walks of its task in order: no other can have been there.
struct Params {
  records: u32,
  rowsIndex: u32,
  places: u32,
  maxSteps: u32,
  column: u32,
  entropy: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> coefficients: array<f32>;
@group(0) @binding(2) var<storage, read> logP: array<f32>;
@group(0) @binding(3) var<storage, read_write> dLogits: array<f32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[p.rowsIndex]) { return; }
  let record = p.records + i * 10u;
  let first = plan[record + 1u];
  let degree = plan[record + 2u];
  for (var e = first; e < first + degree; e++) { dLogits[e] = 0.0; }
  var total = 0.0;
  var bonus = 0.0;
  let visits = plan[12] / plan[9] * p.maxSteps; // walks, batch
  let own = plan[record + 6u] * visits;
  for (var j = own; j < own + visits; j++) {
    let place = plan[p.places + j];
    // Wraps around below `first` and for NONE, so that one comparison is enough.
    if (place - first >= degree) { continue; }
    let c = coefficients[j * 4u + p.column];
    dLogits[place] += c;
    total += c;
    if (p.entropy == 1u) { bonus += coefficients[j * 4u + 3u]; }
  }
  var entropy = 0.0;
  if (bonus != 0.0) {
    for (var e = first; e < first + degree; e++) { entropy -= exp(logP[e]) * logP[e]; }
  }
  for (var e = first; e < first + degree; e++) {
    dLogits[e] -= exp(logP[e]) * (total + bonus * (logP[e] + entropy));
  }
}
