/** Walks a graph with a tabulated policy in float64: the sampler of measures and views, not of training. */
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { Trajectory } from './credit.ts';

/**
 * One trajectory, from the root to an outcome.
 * @param logPF `[edges]` normalised over the edges leaving each state
 * @param random one number is drawn per step
 * @param uniform the share of the uniform policy that each choice is mixed with, 0 to 1
 */
export function sampleTrajectory(graph: TaskGraph, logPF: Float64Array, random: RandomSource, uniform = 0): Trajectory {
  const trajectory: number[] = [];
  for (let node = 0; node < graph.states; node = graph.target[trajectory[trajectory.length - 1]]) {
    const first = graph.outStart[node];
    const end = graph.outStart[node + 1];
    let left = random.next();
    let chosen = -1;
    for (let e = first; e < end && left >= 0; e++) {
      const p = (1 - uniform) * Math.exp(logPF[e]) + uniform / (end - first);
      if (p === 0) continue;
      // Rounding may leave a remainder after the last edge that can be taken: that edge it is.
      chosen = e;
      left -= p;
    }
    if (chosen < 0) throw new RangeError(`The policy gives no edge leaving "${graph.nodeText[node]}" a probability.`);
    trajectory.push(chosen);
  }
  return trajectory;
}
