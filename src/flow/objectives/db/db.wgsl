// Detailed balance: sum over steps of (log F(s) + log P_F - log F(s') - log P_B)^2, with F(x) = R~^beta.
fn objective(w: Walk) -> Loss {
  var loss = 0.0;
  for (var t = 0u; t < w.length; t++) {
    let last = t + 1u == w.length;
    var next = sumOf(w, LOG_TARGET);
    if (!last) { next = stepOf(w, t + 1u, LOG_F); }
    let r = huber(stepOf(w, t, LOG_F) + stepOf(w, t, LOG_PF) - next - stepOf(w, t, LOG_PB), p.huber);
    loss += r.x;
    add(w, t, POLICY, r.y);
    add(w, t, BACKWARD, -r.y);
    add(w, t, FLOW, r.y);
    if (!last) { add(w, t + 1u, FLOW, -r.y); }
  }
  return Loss(loss, 0.0, stepOf(w, 0u, LOG_F));
}
