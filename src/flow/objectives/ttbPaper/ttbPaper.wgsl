// Tempered trajectory balance as published: (Delta / T)^2. What differs from `ttb` is the P_B that is read.
fn objective(w: Walk) -> Loss { return trajectoryBalance(w, logZ[w.task], 1.0 / f32(w.length)); }
