// Tempered trajectory balance: (Delta / T)^2.
fn objective(w: Walk) -> Loss { return trajectoryBalance(w, logZ[w.task], 1.0 / f32(w.length)); }
