// One row of the metrics ring: [step, loss, log Z, solved, reward, length, |g| policy, |g| backward, |g| log Z, states, overflow, executed].
struct Params {
  capacity: u32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read> losses: array<f32>;
@group(0) @binding(3) var<storage, read> replayed: array<u32>;
@group(0) @binding(4) var<storage, read> logZ: array<f32>;
@group(0) @binding(5) var<storage, read> norms: array<f32>;
@group(0) @binding(6) var<storage, read_write> ring: array<f32>;
@group(0) @binding(7) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i > 0u) { return; }
  let walks = plan[12];
  var loss = 0.0;
  var solved = 0.0;
  var reward = 0.0;
  var length = 0.0;
  var executed = 0.0;
  for (var w = 0u; w < walks; w++) {
    loss += losses[w * 3u];
    if (replayed[w] == 0u) { executed += sums[w * 8u + 3u]; }
    length += sums[w * 8u + 3u];
    reward += sums[w * 8u + 4u];
    solved += sums[w * 8u + 5u];
  }
  var z = 0.0;
  for (var b = 0u; b < plan[9]; b++) { z += logZ[b]; } // batch
  let n = f32(max(walks, 1u)); // 0 / 0 is undefined in WGSL
  let at = (plan[13] % p.capacity) * 12u; // step
  ring[at] = f32(plan[13]);
  ring[at + 1u] = loss / n;
  ring[at + 2u] = z / f32(max(plan[9], 1u));
  ring[at + 3u] = solved / n;
  ring[at + 4u] = reward / n;
  ring[at + 5u] = length / n;
  ring[at + 6u] = sqrt(norms[0] + norms[1]);
  ring[at + 7u] = sqrt(norms[2]);
  ring[at + 8u] = sqrt(norms[3] + norms[4]);
  ring[at + 9u] = f32(plan[1]); // slots
  ring[at + 10u] = f32(plan[16]); // overflow
  ring[at + 11u] = executed;
}
