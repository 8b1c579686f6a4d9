// What every objective stands on: one walk an invocation. An objective's own file follows, with
//   fn objective(w: Walk) -> Loss
// which puts the gradient of the batch's mean loss in front of each step's log P_F, log P_B, log F and entropy.
struct Params {
  walksPerTask: u32,
  maxSteps: u32,
  huber: f32,
  lambda: f32,
  ratioClip: f32,
  entropyBonus: f32,
  klWeight: f32,
  flowBeta: f32,
}
@group(0) @binding(0) var<storage, read> plan: array<u32>;
@group(0) @binding(1) var<storage, read> steps: array<f32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read> group: array<f32>;
@group(0) @binding(4) var<storage, read> logZ: array<f32>;
@group(0) @binding(5) var<storage, read_write> coefficients: array<f32>;
@group(0) @binding(6) var<storage, read_write> losses: array<f32>;
@group(0) @binding(7) var<uniform> p: Params;

struct Walk {
  index: u32,
  // its task's place in the batch
  task: u32,
  length: u32,
  // of the mean over the batch: 1 / walks
  share: f32,
}
// The walk's loss, its part of the gradient of log Z, and the log Z it took.
struct Loss {
  loss: f32,
  dLogZ: f32,
  logZ: f32,
}

// Fields of a step, of a walk's sums and of its group; columns of a coefficient.
const LOG_PF = 0u;
const LOG_PB = 1u;
const LOG_F = 2u;
const BEHAVIOUR = 3u;
const ENTROPY = 4u;
const LOG_UNIFORM = 5u;
const FIRST_LOG_F = 6u;
const SUM_LOG_PF = 0u;
const SUM_LOG_PB = 1u;
const LOG_TARGET = 2u;
const REWARD = 4u;
const SOLVED = 5u;
const SUM_BEHAVIOUR = 6u;
const POLICY = 0u;
const BACKWARD = 1u;
const FLOW = 2u;
const ENTROPY_BONUS = 3u;

// Far beyond any clip, and far below where exp overflows.
const MOST_LOG_RATIO = 20.0;

fn stepOf(w: Walk, t: u32, field: u32) -> f32 { return steps[(w.index * p.maxSteps + t) * 7u + field]; }
fn sumOf(w: Walk, field: u32) -> f32 { return sums[w.index * 8u + field]; }
fn add(w: Walk, t: u32, column: u32, value: f32) {
  coefficients[(w.index * p.maxSteps + t) * 4u + column] += value * w.share;
}

// The log Z that would balance the walk alone.
fn ownLogZ(w: Walk) -> f32 { return sumOf(w, LOG_TARGET) + sumOf(w, SUM_LOG_PB) - sumOf(w, SUM_LOG_PF); }
fn groupLogZ(w: Walk) -> f32 { return group[w.task * 4u]; }
// (R - mean) / standard deviation over the task's walks; 0 where all rewards are equal.
fn groupAdvantage(w: Walk) -> f32 {
  let deviation = group[w.task * 4u + 2u];
  if (deviation == 0.0) { return 0.0; }
  return (sumOf(w, REWARD) - group[w.task * 4u + 1u]) / deviation;
}

// r^2, beyond `bound` continued along its tangent; and its slope.
fn huber(r: f32, bound: f32) -> vec2f {
  let inside = clamp(r, -bound, bound);
  return vec2f(inside * (2.0 * r - inside), 2.0 * inside);
}

// The loss (scale Delta)^2, linear beyond |Delta / T| = huber, with the same slope in front of every step.
fn trajectoryBalance(w: Walk, estimate: f32, scale: f32) -> Loss {
  let r = huber((estimate - ownLogZ(w)) * scale, p.huber * f32(w.length) * scale);
  let slope = r.y * scale;
  for (var t = 0u; t < w.length; t++) {
    add(w, t, POLICY, slope);
    add(w, t, BACKWARD, -slope);
  }
  return Loss(r.x, slope, estimate);
}

// -min(ratio A, clipped ratio A) of step t, and its slope in front of log P_F (PPO, 1707.06347, equation 7).
fn clippedSurrogate(w: Walk, t: u32, advantage: f32) -> vec2f {
  let ratio = exp(min(stepOf(w, t, LOG_PF) - stepOf(w, t, BEHAVIOUR), MOST_LOG_RATIO));
  let plain = ratio * advantage;
  let bounded = clamp(ratio, 1.0 - p.ratioClip, 1.0 + p.ratioClip) * advantage;
  return vec2f(-min(plain, bounded), select(0.0, -plain, plain <= bounded));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (id.y * groups.x + id.x) * 64u + lane;
  if (i >= plan[12]) { return; } // walks
  let w = Walk(i, i / p.walksPerTask, u32(sums[i * 8u + 3u]), 1.0 / f32(plan[12]));
  for (var j = i * p.maxSteps * 4u; j < (i * p.maxSteps + w.length) * 4u; j++) { coefficients[j] = 0.0; }
  let result = objective(w);
  losses[i * 3u] = result.loss;
  losses[i * 3u + 1u] = result.dLogZ * w.share;
  losses[i * 3u + 2u] = result.logZ;
}
