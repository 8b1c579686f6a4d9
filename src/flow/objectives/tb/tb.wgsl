// Trajectory balance: Delta^2.
fn objective(w: Walk) -> Loss { return trajectoryBalance(w, logZ[w.task], 1.0); }
