/**
 * Trajectory balance on a table of logits, one an edge, in float64, with every trajectory in every batch and Adam:
 * the smallest thing that can show where an objective's zero lies. Tests only.
 */
import { normaliseBackward, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { BalancedPolicy, Trajectory } from './credit.ts';

/** Every walk from the root to an outcome. */
export function allTrajectories(graph: TaskGraph): Trajectory[] {
  const from = (node: number): Trajectory[] => {
    if (node >= graph.states) return [[]];
    const edges = Array.from(
      { length: graph.outStart[node + 1] - graph.outStart[node] },
      (_, i) => graph.outStart[node] + i,
    );
    return edges.flatMap((e) => from(graph.target[e]).map((rest) => [e, ...rest]));
  };
  return from(0);
}

export interface TabularRun {
  /**
   * `one`: log P_B = 0 on every edge, normalised over nothing. `actions`: the published form, a softmax over all actions
   * of the state before, with logits of their own for each edge (what was observed).
   */
  readonly backward: 'one' | 'uniform' | 'learned' | 'actions';
  /** Rate of the backward policy relative to the forward one's; 1 if absent. */
  readonly ratio?: number;
  /** `[edges]` tokens of the action: its score is its mean token log-probability, `log P_F / K`. 1 if absent. */
  readonly tokens?: ArrayLike<number>;
}

/** Minimises the mean of `(Delta / T)^2`. @returns the policy, and the loss that is left */
export function trainTabular(
  graph: TaskGraph,
  logTarget: Float64Array,
  { backward, tokens, ratio = 1 }: TabularRun,
  steps = 3000,
): BalancedPolicy & { readonly loss: number } {
  const trajectories = allTrajectories(graph);
  // Parameters: forward logits, backward logits, log Z. With P_B over actions an edge has as many logits as its source
  // has actions; its own stands first.
  const degree = (e: number) => graph.outStart[graph.source[e] + 1] - graph.outStart[graph.source[e]];
  const firstLogit = new Float64Array(graph.edges + 1);
  for (let e = 0; e < graph.edges; e++) firstLogit[e + 1] = firstLogit[e] + (backward === 'actions' ? degree(e) : 1);
  const logits = firstLogit[graph.edges];
  const ofLogit = graph.edges + logits;
  const parameters = new Float64Array(ofLogit + 1);
  const rates = parameters.map((_, i) => (i >= graph.edges && i < ofLogit ? ratio : 1));
  const update = adam(parameters, rates);
  const overActions = (): Float64Array =>
    Float64Array.from({ length: graph.edges }, (_, e) => {
      const own = parameters.subarray(graph.edges + firstLogit[e], graph.edges + firstLogit[e + 1]);
      return own[0] - Math.log(own.reduce((sum, value) => sum + Math.exp(value), 0));
    });
  const policy = (): BalancedPolicy => ({
    logPF: normaliseForward(graph, parameters.subarray(0, graph.edges)),
    logPB:
      backward === 'learned'
        ? normaliseBackward(graph, parameters.subarray(graph.edges, ofLogit))
        : backward === 'uniform'
          ? uniformLogPB(graph)
          : backward === 'actions'
            ? overActions()
            : new Float64Array(graph.edges),
    logZ: parameters[ofLogit],
  });
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    const { logPF, logPB, logZ } = policy();
    const ofPF = new Float64Array(graph.edges);
    const ofPB = new Float64Array(graph.edges);
    let ofLogZ = 0;
    loss = 0;
    for (const trajectory of trajectories) {
      let delta = logZ - logTarget[graph.target[trajectory[trajectory.length - 1]] - graph.states];
      for (const e of trajectory) delta += logPF[e] / (tokens?.[e] ?? 1) - logPB[e];
      const slope = (2 * delta) / trajectory.length ** 2 / trajectories.length;
      loss += (delta / trajectory.length) ** 2 / trajectories.length;
      for (const e of trajectory) {
        ofPF[e] += slope / (tokens?.[e] ?? 1);
        ofPB[e] -= slope;
      }
      ofLogZ += slope;
    }
    const gradient = new Float64Array(parameters.length);
    gradient.set(throughSoftmax(graph.source, logPF, ofPF));
    if (backward === 'learned') gradient.set(throughSoftmax(graph.target, logPB, ofPB), graph.edges);
    if (backward === 'actions') {
      for (let e = 0; e < graph.edges; e++) {
        const first = graph.edges + firstLogit[e];
        const own = parameters.subarray(first, graph.edges + firstLogit[e + 1]);
        const total = own.reduce((sum, value) => sum + Math.exp(value), 0);
        for (const [i, value] of own.entries()) {
          gradient[first + i] = ofPB[e] * ((i === 0 ? 1 : 0) - Math.exp(value) / total);
        }
      }
    }
    gradient[ofLogit] = ofLogZ;
    update(gradient, 0.05 * (1 - step / steps));
  }
  return { ...policy(), loss };
}

/** Gradient by logits, given that by log-probabilities: `g_e - p_e sum g`, the sum over the edges of one group. */
function throughSoftmax(group: Uint32Array, logP: Float64Array, gradient: Float64Array): Float64Array {
  const total = new Map<number, number>();
  for (const [e, g] of gradient.entries()) total.set(group[e], (total.get(group[e]) ?? 0) + g);
  return gradient.map((g, e) => g - Math.exp(logP[e]) * (total.get(group[e]) ?? 0));
}

function adam(parameters: Float64Array, rates: Float64Array): (gradient: Float64Array, rate: number) => void {
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  let count = 0;
  return (gradient, rate) => {
    count++;
    for (const [i, g] of gradient.entries()) {
      mean[i] = 0.9 * mean[i] + 0.1 * g;
      square[i] = 0.999 * square[i] + 0.001 * g * g;
      const step = mean[i] / (1 - 0.9 ** count);
      parameters[i] -= (rate * rates[i] * step) / (Math.sqrt(square[i] / (1 - 0.999 ** count)) + 1e-12);
    }
  };
}
