/**
 * The parameters of the Supervisor: one flat arena, its tensors, their groups and their first values.
 *
 * A dense layer is `[inner + 1, columns]` with its bias as the last row; one without bias is
 * `[inner, columns]`. Widths: `D` of the text encoder, `d` of the network, `H` heads.
 */
import { aligned } from '../gpu/backend.ts';

export interface SupervisorShape {
  readonly dimensions: number;
  readonly width: number;
  readonly heads: number;
  readonly depth: number;
  /** Scalars for skills: how many places the library has. */
  readonly skills: number;
}

/**
 * How the backward policy begins. `random`: from random weights, like the rest. `uniform`: with the last layer of its
 * queries 0, so that all its logits are 0 in every state and each of its choices is uniform; the first update moves that
 * layer alone, the next ones what lies before it too.
 */
export const BACKWARD_STARTS = ['random', 'uniform'] as const;
export type BackwardStart = (typeof BACKWARD_STARTS)[number];

/**
 * How log F of a state is had. `head`: a head on the state, apart from the policy. `edges`: that head and, added to it, the
 * logarithm of the sum of the exponentiated logits of the state's edges, so that logits are flows and the state's is
 * their sum (as states' values are in soft Q-learning: Tiapkin et al. 2023, 2310.12934).
 */
export const FLOW_FORMS = ['head', 'edges'] as const;
export type FlowForm = (typeof FLOW_FORMS)[number];

/** Parameter groups in arena order. Each has its own rate, and is clipped by its own gradient norm. */
export const GROUPS = ['policy', 'match', 'backward', 'logZ', 'flow'] as const;
export type Group = (typeof GROUPS)[number];

export interface ParameterTensor {
  readonly name: string;
  readonly offset: number;
  /** `inner + 1` with a bias, else `inner`. */
  readonly rows: number;
  readonly columns: number;
  readonly bias: boolean;
}

export interface ParameterLayout {
  readonly shape: SupervisorShape;
  /** Elements of the arena, padding included. */
  readonly length: number;
  /** Number of parameters that mean something. */
  readonly count: number;
  readonly tensors: Readonly<Record<string, ParameterTensor>>;
  /** Where each group lies in the arena. */
  readonly groups: Readonly<Record<Group, { readonly first: number; readonly length: number }>>;
}

/** Width of a trunk's input: pooled items, the task, the step. */
export function trunkInput(width: number): number {
  return 2 * width + 1;
}

/** Width of the scorer's input per edge: attended, attended times question, attended cosine per head. */
export function scorerInput(shape: SupervisorShape): number {
  return 2 * shape.width + shape.heads;
}

/** Rows of the scorer's last vector after `width` hidden ones: the skills, three kinds and a pad, three matches and a pad. */
export function headExtra({ skills }: Pick<SupervisorShape, 'skills'>): number {
  return skills + 8;
}

/** Where every parameter lies. Names are those of a checkpoint. */
export function layoutParameters(shape: SupervisorShape): ParameterLayout {
  const { dimensions: D, width: d, heads: H, depth, skills } = shape;
  const tensors: Record<string, ParameterTensor> = {};
  let offset = 0;
  let count = 0;
  const add = (name: string, inner: number, columns: number, bias: boolean) => {
    const rows = inner + (bias ? 1 : 0);
    tensors[name] = { name, offset, rows, columns, bias };
    offset = aligned(offset + rows * columns);
    count += rows * columns;
  };
  const trunk = (prefix: string) => {
    add(`${prefix}.task`, D, d, true);
    add(`${prefix}.in`, trunkInput(d), d, true);
    for (let l = 0; l < depth; l++) {
      add(`${prefix}.block${l}.up`, d, d, true);
      add(`${prefix}.block${l}.down`, d, d, true);
    }
  };
  // Forward policy. token: [pool | key | value], action: [question u | query | pointer key].
  add('forward.token', D, 3 * d, true);
  add('forward.action', D, 3 * d, true);
  trunk('forward');
  add('forward.question', d, d, false);
  add('forward.state', d, 2 * d, true); // [into the scorer | pointer query]
  add('forward.scorer', scorerInput(shape), d, false);
  add('forward.gain', H, 1, false);
  add('forward.head', d + headExtra(shape), 1, false);
  const match = tensors['forward.head'].offset + d + skills + 4;
  const backward = offset;
  add('backward.token', D, d, true);
  add('backward.action', D, d, true);
  trunk('backward');
  add('backward.query', d, d, true);
  add('backward.parent', d, d + 1, false); // [parent's pooled items | its step]
  const logZ = offset;
  add('logZ.head', D, 1, true);
  const flow = offset;
  add('flow.head', d, 1, true);
  const starts = [0, match, backward, logZ, flow, offset];
  const groups = Object.fromEntries(
    GROUPS.map((group, i) => [group, { first: starts[i], length: starts[i + 1] - starts[i] }]),
  ) as Record<Group, { first: number; length: number }>;
  // By name: a config's settings of the Supervisor hold more than its shape.
  return {
    shape: { dimensions: D, width: d, heads: H, depth, skills },
    length: offset,
    count: count - 2,
    tensors,
    groups,
  };
}

/** Uniform in [0, 1) from a counter: PCG-RXS-M-XS of (seed, tensor, element). */
function uniform(seed: number, tensor: number, element: number): number {
  let h = pcg(seed);
  h = pcg((h ^ tensor) >>> 0);
  h = pcg((h ^ element) >>> 0);
  return (h >>> 8) / 16777216;
}

/** One round of PCG-RXS-M-XS 32 (O'Neill 2014); the GPU's sampler uses the same. */
export function pcg(input: number): number {
  const state = (Math.imul(input, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/**
 * First values: weights uniform with variance 1 / inner, biases 0, residual branches at half that
 * scale; the log Z head 0; gains spread evenly over 0..16; match weights 3, as measured to help. What is said of the
 * backward policy changes no value but those of its queries.
 */
export function initialParameters(
  layout: ParameterLayout,
  seed: number,
  backwardStart: BackwardStart = 'random',
): Float32Array {
  const { width: d, heads: H, skills } = layout.shape;
  const values = new Float32Array(layout.length);
  for (const [index, tensor] of Object.values(layout.tensors).entries()) {
    const { name, offset, rows, columns, bias } = tensor;
    if (name === 'logZ.head' || (name === 'backward.query' && backwardStart === 'uniform')) continue;
    if (name === 'forward.gain') {
      for (let h = 0; h < H; h++) values[offset + h] = H === 1 ? 8 : (16 * h) / (H - 1);
      continue;
    }
    const inner = bias ? rows - 1 : rows;
    const scale = Math.sqrt(3 / inner) * (name.endsWith('.down') ? 0.5 : 1);
    for (let i = 0; i < inner * columns; i++) values[offset + i] = scale * (2 * uniform(seed, index, i) - 1);
    if (name === 'forward.head') {
      const match = offset + d + skills + 4;
      values.fill(0, offset + d, match);
      values.fill(3, match, match + 3);
      values[match + 3] = 0;
    }
  }
  return values;
}
