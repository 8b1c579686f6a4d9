// partial[j] = sum of squares of x[first + j * 1024 ...], each in index order. adamw adds the partials of a group.
struct Params {
  first: u32,
  length: u32,
  out: u32,
}
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  if (i >= (p.length + 1023u) / 1024u) { return; }
  var sum = 0.0;
  let end = min((i + 1u) * 1024u, p.length);
  for (var k = i * 1024u; k < end; k++) {
    let v = x[p.first + k];
    sum += v * v;
  }
  partial[p.out + i] = sum;
}
