// FlowRL: w (log Z + mean log P_F - beta r^ - mean log P_ref)^2, w the clipped importance ratio.
fn objective(w: Walk) -> Loss {
  let length = f32(w.length);
  var reference = 0.0;
  for (var t = 0u; t < w.length; t++) { reference += stepOf(w, t, LOG_UNIFORM); }
  let ratio = exp(clamp(sumOf(w, SUM_LOG_PF) - sumOf(w, SUM_BEHAVIOUR), -1.0, 1.0));
  let weight = clamp(ratio, 1.0 - p.ratioClip, 1.0 + p.ratioClip);
  let residual = logZ[w.task] + (sumOf(w, SUM_LOG_PF) - reference) / length - p.flowBeta * groupAdvantage(w);
  let r = huber(residual, p.huber) * weight;
  for (var t = 0u; t < w.length; t++) { add(w, t, POLICY, r.y / length); }
  return Loss(r.x, r.y, logZ[w.task]);
}
