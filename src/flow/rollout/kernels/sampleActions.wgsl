// Each walk takes one edge: a given one where there is one, or with probability epsilon a uniform one, else one of the policy at a temperature.
// Random numbers are counters hashed by PCG: (seed, step, walk, draw).
struct Params {
  slotRecords: u32,
  outStart: u32,
  edgeTarget: u32,
  isOutcome: u32,
  walkNode: u32,
  walkSlot: u32,
  walkLength: u32,
  walkEdge: u32,
  walkPosition: u32,
  maxSteps: u32,
  round: u32,
  epsilonIndex: u32,
  first: u32,
}
@group(0) @binding(0) var<storage, read_write> plan: array<u32>;
@group(0) @binding(1) var<storage, read> graph: array<u32>;
@group(0) @binding(2) var<storage, read> logPF: array<f32>;
@group(0) @binding(3) var<storage, read> schedule: array<f32>;
@group(0) @binding(4) var<storage, read> given: array<u32>;
@group(0) @binding(5) var<storage, read_write> steps: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

fn pcg(input: u32) -> u32 {
  let state = input * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

fn randomAt(walk: u32, index: u32) -> f32 {
  let h = pcg(pcg(pcg(pcg(plan[14]) ^ plan[13]) ^ walk) ^ index); // seed, step
  return f32(h >> 8u) / 16777216.0;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  let node = plan[p.walkNode + i];
  if (node == 0xffffffffu) { return; }
  let record = p.slotRecords + plan[p.walkSlot + i] * 10u;
  let first = plan[record + 1u];
  let degree = plan[record + 2u];
  let at = i * p.maxSteps + p.round;
  let epsilon = schedule[p.epsilonIndex];
  let cool = 1.0 / schedule[p.epsilonIndex + 1u];
  let isGiven = given[at] != 0xffffffffu;
  var total = 0.0;
  for (var j = 0u; j < degree; j++) { total += exp(cool * logPF[first + j]); }
  var choice = degree - 1u;
  if (isGiven) {
    choice = given[at] - graph[p.outStart + node];
  } else if (randomAt(i, 2u * p.round) < epsilon) {
    choice = min(u32(randomAt(i, 2u * p.round + 1u) * f32(degree)), degree - 1u);
  } else {
    var left = randomAt(i, 2u * p.round + 1u) * total;
    for (var j = 0u; j < degree; j++) {
      left -= exp(cool * logPF[first + j]);
      if (left < 0.0) { choice = j; break; }
    }
  }
  let edge = graph[p.outStart + node] + choice;
  let reached = graph[p.edgeTarget + edge];
  plan[p.walkEdge + at] = edge;
  plan[p.walkPosition + at] = first + choice;
  if (p.first == 1u) {
    let drawn = exp(cool * logPF[first + choice]) / total;
    let mixed = log(epsilon / f32(degree) + (1.0 - epsilon) * drawn);
    steps[at * 7u + 3u] = select(mixed, logPF[first + choice], isGiven || (epsilon == 0.0 && cool == 1.0));
  }
  plan[p.walkLength + i] = p.round + 1u;
  plan[p.walkNode + i] = select(reached, 0xffffffffu, graph[p.isOutcome + reached] == 1u);
}
