// GRPO: the clipped surrogate of the group's advantage, averaged over the walk's steps, a KL to the uniform policy and
// an entropy bonus.
fn objective(w: Walk) -> Loss {
  let advantage = groupAdvantage(w);
  let part = 1.0 / f32(w.length);
  var loss = 0.0;
  for (var t = 0u; t < w.length; t++) {
    let surrogate = clippedSurrogate(w, t, advantage);
    let ahead = min(stepOf(w, t, LOG_UNIFORM) - stepOf(w, t, LOG_PF), MOST_LOG_RATIO);
    let kl = exp(ahead) - ahead - 1.0;
    loss += part * (surrogate.x + p.klWeight * kl - p.entropyBonus * stepOf(w, t, ENTROPY));
    add(w, t, POLICY, part * (surrogate.y + p.klWeight * (1.0 - exp(ahead))));
    add(w, t, ENTROPY_BONUS, -part * p.entropyBonus);
  }
  return Loss(loss, 0.0, groupLogZ(w));
}
