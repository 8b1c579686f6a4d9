// AdamW over one parameter group. clipped = g min(1, clip / |g|), the norm per GROUP.
// schedule: [rate] beside the bias corrections 1 - beta1^t, 1 - beta2^t, written by the host every step.
struct Params {
  first: u32,
  length: u32,
  group: u32,
  rateIndex: u32,
  correctionIndex: u32,
  scale: f32,
  decay: f32,
  clip: f32,
}
@group(0) @binding(0) var<storage, read> schedule: array<f32>;
@group(0) @binding(1) var<storage, read> norms: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> parameter: array<f32>;
@group(0) @binding(4) var<storage, read_write> first: array<f32>;
@group(0) @binding(5) var<storage, read_write> second: array<f32>;
@group(0) @binding(6) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= p.length) { return; }
  let at = p.first + i;
  let norm = sqrt(norms[p.group]);
  let g = gradient[at] * select(1.0, p.clip / norm, norm > p.clip);
  let m = 0.9 * first[at] + 0.1 * g;
  let v = 0.999 * second[at] + 0.001 * g * g;
  first[at] = m;
  second[at] = v;
  let rate = p.scale * schedule[p.rateIndex];
  let mHat = m / schedule[p.correctionIndex];
  let vHat = v / schedule[p.correctionIndex + 1u];
  parameter[at] -= rate * (mHat / (sqrt(vHat) + 1e-8) + p.decay * parameter[at]);
}
