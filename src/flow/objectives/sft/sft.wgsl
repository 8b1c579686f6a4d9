// Supervised fine-tuning: -sum log P_F on walks that are solved.
fn objective(w: Walk) -> Loss {
  let solved = sumOf(w, SOLVED);
  for (var t = 0u; t < w.length; t++) { add(w, t, POLICY, -solved); }
  return Loss(-solved * sumOf(w, SUM_LOG_PF), 0.0, groupLogZ(w));
}
