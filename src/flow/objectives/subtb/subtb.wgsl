// Subtrajectory balance: every stretch i..j of the walk in balance, weighted by lambda^(j - i).
fn objective(w: Walk) -> Loss {
  var weights = 0.0;
  var power = 1.0;
  for (var n = 1u; n <= w.length; n++) {
    power *= p.lambda;
    weights += power * f32(w.length + 1u - n);
  }
  var loss = 0.0;
  for (var i = 0u; i < w.length; i++) {
    var flow = stepOf(w, i, LOG_F);
    var weight = 1.0 / weights;
    var leaving = 0.0;
    for (var j = i + 1u; j <= w.length; j++) {
      flow += stepOf(w, j - 1u, LOG_PF) - stepOf(w, j - 1u, LOG_PB);
      weight *= p.lambda;
      let last = j == w.length;
      var end = sumOf(w, LOG_TARGET);
      if (!last) { end = stepOf(w, j, LOG_F); }
      let r = huber(flow - end, p.huber * f32(j - i));
      loss += weight * r.x;
      let slope = weight * r.y;
      leaving += slope;
      if (!last) { add(w, j, FLOW, -slope); }
    }
    add(w, i, FLOW, leaving);
  }
  // A stretch counts for the flow where it begins, against it where it ends, and for the policy in between: so the
  // policy's part is the running sum of the flow's.
  var slope = 0.0;
  for (var t = 0u; t < w.length; t++) {
    let at = (w.index * p.maxSteps + t) * 4u;
    slope += coefficients[at + FLOW];
    coefficients[at + POLICY] = slope;
    coefficients[at + BACKWARD] = -slope;
  }
  return Loss(loss, 0.0, stepOf(w, 0u, LOG_F));
}
