// PPO: the clipped surrogate with generalised advantages from the value head, the head's regression, an entropy bonus.
fn objective(w: Walk) -> Loss {
  var loss = 0.0;
  var advantage = 0.0;
  var next = 0.0;
  var reward = sumOf(w, REWARD);
  for (var k = 0u; k < w.length; k++) {
    let t = w.length - 1u - k;
    let value = stepOf(w, t, FIRST_LOG_F);
    advantage = reward + next - value + p.lambda * advantage;
    reward = 0.0;
    next = value;
    let surrogate = clippedSurrogate(w, t, advantage);
    let off = stepOf(w, t, LOG_F) - (value + advantage);
    loss += surrogate.x + 0.5 * off * off - p.entropyBonus * stepOf(w, t, ENTROPY);
    add(w, t, POLICY, surrogate.y);
    add(w, t, FLOW, off);
    add(w, t, ENTROPY_BONUS, -p.entropyBonus);
  }
  return Loss(loss, 0.0, groupLogZ(w));
}
