/** What both graphs are made of: weights as constants, dense layers, GELU, trunks. */
import type { ParameterLayout } from '../parameters.ts';
import type { GraphBuilder, Value } from './graphBuilder.ts';

/** A range of the columns of a layer; all of them unless it says fewer. */
export interface Columns {
  readonly first: number;
  readonly count: number;
}

export interface Layers {
  readonly graph: GraphBuilder;
  readonly layout: ParameterLayout;
  /** `[rows, columns]` of a parameter as it is, from `first` on. */
  weight(name: string, rows: Columns, columns?: Columns): Value;
  /** `x W + b`, or `x W` where the layer has no bias. `x` `[rows, inner]` */
  dense(x: Value, name: string, columns?: Columns): Value;
  /** GELU in its tanh form, as in gpu/kernels/gelu.ts. */
  gelu(x: Value): Value;
  /** Vectors of texts at the scale at which layers read them. */
  scaled(vectors: Value): Value;
  /** How many rows a value has: int64, without a dimension. */
  rowsOf(value: Value): Value;
  /** `[rows]` int64, 0 .. rows - 1 */
  rowNumbers(rows: Value): Value;
  /**
   * `[k, d]` sums over some rows of `activated` `[tokens, d]`, each over the square root of how many there are.
   * @param members `[k, tokens]` 1 where a row counts, else 0
   */
  pooled(activated: Value, members: Value): Value;
  /** `[1, d]` from pooled items `[1, d]`, the task `[1, D]` at scale, the step `[1]`. */
  trunk(prefix: 'forward' | 'backward', pooledItems: Value, task: Value, step: Value): Value;
}

/** @param values `[layout.length]` */
export function layersOf(graph: GraphBuilder, layout: ParameterLayout, values: Float32Array): Layers {
  const { dimensions, depth } = layout.shape;
  const known = new Map<string, Value>();

  function weight(name: string, rows: Columns, columns?: Columns): Value {
    const tensor = layout.tensors[name];
    const { first, count } = columns ?? { first: 0, count: tensor.columns };
    const as = `${name}[${rows.first}:${rows.first + rows.count},${first}:${first + count}]`;
    const held = known.get(as);
    if (held !== undefined) return held;
    const data = new Float32Array(rows.count * count);
    for (let r = 0; r < rows.count; r++) {
      const from = tensor.offset + (rows.first + r) * tensor.columns + first;
      data.set(values.subarray(from, from + count), r * count);
    }
    known.set(as, graph.constant(as, [rows.count, count], data));
    return as;
  }

  function dense(x: Value, name: string, columns?: Columns): Value {
    const { rows, bias } = layout.tensors[name];
    const inner = bias ? rows - 1 : rows;
    const w = weight(name, { first: 0, count: inner }, columns);
    return bias
      ? graph.op('Gemm', [x, w, weight(name, { first: inner, count: 1 }, columns)])
      : graph.op('MatMul', [x, w]);
  }

  function gelu(x: Value): Value {
    const cube = graph.op('Mul', [graph.op('Mul', [x, x]), x]);
    const inside = graph.op('Add', [x, graph.op('Mul', [cube, graph.number(0.044715)])]);
    const t = graph.op('Tanh', [graph.op('Mul', [inside, graph.number(Math.sqrt(2 / Math.PI))])]);
    const half = graph.op('Mul', [x, graph.number(0.5)]);
    return graph.op('Mul', [half, graph.op('Add', [t, graph.number(1)])]);
  }

  const rowsOf = (value: Value): Value => graph.op('Gather', [graph.op('Shape', [value]), graph.integer(0)]);

  return {
    graph,
    layout,
    weight,
    dense,
    gelu,
    scaled: (vectors) => graph.op('Mul', [vectors, graph.number(Math.sqrt(dimensions))]),
    rowsOf,
    rowNumbers: (rows) => graph.op('Range', [graph.integer(0), rows, graph.integer(1)]),
    pooled(activated, members) {
      const sum = graph.op('MatMul', [members, activated]);
      const count = graph.op('ReduceSum', [members, graph.integers(1)], { keepdims: 1 });
      return graph.op('Div', [sum, graph.op('Sqrt', [graph.op('Max', [count, graph.number(1)])])]);
    },
    trunk(prefix, pooledItems, task, step) {
      const row = graph.op('Reshape', [step, graph.integers(1, 1)]);
      const input = graph.op('Concat', [pooledItems, dense(task, `${prefix}.task`), row], { axis: 1 });
      let h = dense(input, `${prefix}.in`);
      for (let l = 0; l < depth; l++) {
        h = graph.op('Add', [h, dense(gelu(dense(h, `${prefix}.block${l}.up`)), `${prefix}.block${l}.down`)]);
      }
      return h;
    },
  };
}
