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
    for (var j = i + 1u; j <= w.length; j++) {
      flow += stepOf(w, j - 1u, LOG_PF) - stepOf(w, j - 1u, LOG_PB);
      weight *= p.lambda;
      let last = j == w.length;
      var end = sumOf(w, LOG_TARGET);
      if (!last) { end = stepOf(w, j, LOG_F); }
      let r = huber(flow - end, p.huber * f32(j - i));
      loss += weight * r.x;
      let slope = weight * r.y;
      add(w, i, FLOW, slope);
      // What counts for steps i .. j - 1 is kept as a difference, and added up below.
      add(w, i, POLICY, slope);
      if (!last) {
        add(w, j, FLOW, -slope);
        add(w, j, POLICY, -slope);
      }
    }
  }
  var slope = 0.0;
  for (var t = 0u; t < w.length; t++) {
    let at = (w.index * p.maxSteps + t) * 4u;
    slope += coefficients[at + POLICY];
    coefficients[at + POLICY] = slope;
    coefficients[at + BACKWARD] = -slope;
  }
  return Loss(loss, 0.0, stepOf(w, 0u, LOG_F));
}
