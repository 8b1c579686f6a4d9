// VarGrad: Delta^2 about the task's own mean.
fn objective(w: Walk) -> Loss {
  let balanced = trajectoryBalance(w, groupLogZ(w), 1.0);
  return Loss(balanced.loss, 0.0, balanced.logZ);
}
