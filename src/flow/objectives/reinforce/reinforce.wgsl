// REINFORCE with the group's mean as baseline and an entropy bonus: -w (R - b) sum log P_F - eta sum H.
fn objective(w: Walk) -> Loss {
  let weight = exp(min(sumOf(w, SUM_LOG_PF) - sumOf(w, SUM_BEHAVIOUR), log(2.0)));
  let slope = -weight * (sumOf(w, REWARD) - group[w.task * 4u + 1u]);
  var loss = slope * sumOf(w, SUM_LOG_PF);
  for (var t = 0u; t < w.length; t++) {
    loss -= p.entropyBonus * stepOf(w, t, ENTROPY);
    add(w, t, POLICY, slope);
    add(w, t, ENTROPY_BONUS, -p.entropyBonus);
  }
  return Loss(loss, 0.0, groupLogZ(w));
}
