/**
 * The padded dense step that every engine takes: sizes, data and first parameters, all from counters.
 *
 *   h_s     = z + (GELU(z W_up + b_up) W_down + b_down),  z = x_s W_in + b_in
 *   u_e     = e_a W_question + b_question,                k_e = e_a W_key + b_key
 *   logit   = w . GELU(u_e W_u + (u_e * h_s) W_p + h_s W_scorer + b_scorer) + (h_s W_query + b_query) . k_e / sqrt(d)
 *   log P_F = log-softmax of the logits over the legal actions of a state
 *   log Z   = x_task W_logZ + b_logZ
 *   loss    = mean over walks of (scale (log Z + sum log P_F - target))^2, scale 1 (tb) or 1 / length (ttb)
 *
 * The scorer's first layer is written split by its inputs [u ; h ; u * h], for every engine: the product
 * with h is then made once a state. The update is AdamW (1711.05101) on all parameters, without clipping.
 */
import { pcg } from '../../src/supervisor/parameters.ts';

export interface DenseSizes {
  readonly tasks: number;
  readonly trajectories: number;
  readonly steps: number;
  readonly actions: number;
  /** of state, action and task vectors */
  readonly dimensions: number;
  readonly width: number;
}

export const OPTIMISER = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 1e-4 } as const;

export type Objective = 'tb' | 'ttb';

export interface DenseProblem {
  readonly sizes: DenseSizes;
  readonly objective: Objective;
  readonly walks: number;
  /** states, and edges: everything padded */
  readonly rows: number;
  readonly edges: number;
  /** `[rows, D]`, `[edges, D]`, `[tasks, D]`, entries of order 1 */
  readonly states: Float32Array;
  readonly actions: Float32Array;
  readonly taskVectors: Float32Array;
  /** `[edges]` 1 or 0: legal, and the edge that the trajectory took; nothing is taken beyond a walk's end */
  readonly legal: Float32Array;
  readonly chosen: Float32Array;
  /** `[walks]` steps taken, and beta log R~ + sum log P_B */
  readonly lengths: Float32Array;
  readonly targets: Float32Array;
  readonly parameters: DenseParameters;
}

/** First values. Matrices are `[inner, columns]`, row by row. */
export interface DenseParameters {
  readonly inW: Float32Array;
  readonly inB: Float32Array;
  readonly upW: Float32Array;
  readonly upB: Float32Array;
  readonly downW: Float32Array;
  readonly downB: Float32Array;
  readonly questionW: Float32Array;
  readonly questionB: Float32Array;
  readonly keyW: Float32Array;
  readonly keyB: Float32Array;
  readonly scorerW: Float32Array;
  readonly scorerB: Float32Array;
  readonly queryW: Float32Array;
  readonly queryB: Float32Array;
  readonly scorerU: Float32Array;
  readonly scorerP: Float32Array;
  readonly head: Float32Array;
  readonly logZW: Float32Array;
  readonly logZB: Float32Array;
}

export type ParameterName = keyof DenseParameters;

/** `[inner, columns]`, or `[columns]` of a bias. */
export function parameterShapes({ dimensions: D, width: d }: DenseSizes): Record<ParameterName, readonly number[]> {
  return {
    inW: [D, d],
    inB: [d],
    upW: [d, d],
    upB: [d],
    downW: [d, d],
    downB: [d],
    questionW: [D, d],
    questionB: [d],
    keyW: [D, d],
    keyB: [d],
    scorerW: [d, d],
    scorerB: [d],
    queryW: [d, d],
    queryB: [d],
    scorerU: [d, d],
    scorerP: [d, d],
    head: [d, 1],
    logZW: [D, 1],
    logZB: [1],
  };
}

/** Uniform in [0, 1) from a counter, one stream each. */
function stream(number: number): () => number {
  let counter = 0;
  const key = pcg(number);
  return () => pcg((key ^ counter++) >>> 0) / 0x1_0000_0000;
}

const SQRT3 = Math.sqrt(3);

/** @param objective `tb` or `ttb` */
export function denseProblem(sizes: DenseSizes, objective: Objective): DenseProblem {
  const { tasks, trajectories, steps, actions, dimensions } = sizes;
  const walks = tasks * trajectories;
  const rows = walks * steps;
  const edges = rows * actions;
  let streams = 0;
  /** Entries of mean 0 and variance 1. */
  const vectors = (count: number): Float32Array => {
    const draw = stream(streams++);
    return Float32Array.from({ length: count * dimensions }, () => SQRT3 * (2 * draw() - 1));
  };
  const states = vectors(rows);
  const actionVectors = vectors(edges);
  const taskVectors = vectors(tasks);

  const draw = stream(streams++);
  const below = (n: number) => Math.floor(draw() * n);
  const lengths = Float32Array.from({ length: walks }, () => 1 + below(steps));
  const targets = Float32Array.from({ length: walks }, () => -4 * draw());
  const legal = new Float32Array(edges);
  const chosen = new Float32Array(edges);
  for (let r = 0; r < rows; r++) {
    const first = r * actions;
    const taken = below(actions);
    for (let a = 0; a < actions; a++) legal[first + a] = a === taken || draw() < 0.7 ? 1 : 0;
    if (r % steps < lengths[Math.floor(r / steps)]) chosen[first + taken] = 1;
  }

  const shapes = parameterShapes(sizes);
  const initial = (name: ParameterName): Float32Array => {
    const shape = shapes[name];
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const draw = stream(1000 + streams++);
    if (shape.length === 2 && name !== 'logZW') {
      const scale = Math.sqrt(3 / shape[0]) * (name === 'downW' ? 0.5 : 1);
      for (let i = 0; i < values.length; i++) values[i] = scale * (2 * draw() - 1);
    }
    return values;
  };
  const names = Object.keys(shapes) as ParameterName[];
  const parameters = Object.fromEntries(names.map((name) => [name, initial(name)])) as Record<
    ParameterName,
    Float32Array
  >;
  return {
    sizes,
    objective,
    walks,
    rows,
    edges,
    states,
    actions: actionVectors,
    taskVectors,
    legal,
    chosen,
    lengths,
    targets,
    parameters,
  };
}

/** Floating-point operations of the matrix products of one step, forward and backward. */
export function productFlops({ sizes, rows, edges }: DenseProblem): number {
  const { dimensions: D, width: d, tasks } = sizes;
  // To vectors that are data there is no gradient: two products each. Between layers three.
  const toData = 2 * (rows * D * d + edges * D * 2 * d + tasks * D);
  const between = 3 * (rows * d * d * 4 + edges * 2 * d * d + edges * d);
  return 2 * (toData + between);
}
