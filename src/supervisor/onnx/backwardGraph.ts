/** One node and the edges that enter it: log P_B of each. The equations are those of supervisor.ts. */
import type { ParameterLayout } from '../parameters.ts';
import type { Precision, Value } from './graphBuilder.ts';
import { GraphBuilder } from './graphBuilder.ts';
import type { Layers } from './layers.ts';
import { layersOf } from './layers.ts';

/** Adds what an edge does not allow, so that its share is 0 and the largest of the others stays the largest. */
const NEVER = -1e30;

/**
 * @param values `[layout.length]`
 * @param over what log P_B is normalised over: the edges that enter, or all actions of the state before (`ttb-paper`)
 */
export function backwardGraph(
  layout: ParameterLayout,
  values: Float32Array,
  over: 'entering' | 'actions',
  precision: Precision,
): GraphBuilder {
  const { dimensions: D, width: d } = layout.shape;
  const g = new GraphBuilder(precision);
  const l = layersOf(g, layout, values);

  const task = g.input('task', 'float32', [1, D], 'vector of the whole text of the task');
  const items = g.input('items', 'float32', ['items', D], 'vectors of what the entered node holds; may be none');
  const step = g.input('step', 'float32', [1], 'steps taken at the entered node, over the most that the task allows');
  const actions = g.input('actions', 'float32', ['edges', D], 'vectors of the action of each edge that enters');

  // The task stands for "no item", so that no table is empty.
  const own = g.op('Concat', [items, task], { axis: 0 });
  const isItem = g.op('Less', [l.rowNumbers(l.rowsOf(own)), l.rowsOf(items)]);
  const activated = (texts: Value) => l.gelu(l.dense(l.scaled(texts), 'backward.token'));
  const pooled = l.pooled(activated(own), g.op('Unsqueeze', [g.toFloat(isItem), g.integers(0)]));
  const h = l.trunk('backward', pooled, l.scaled(task), step);
  const query = l.dense(h, 'backward.query');
  const turned = g.op('Transpose', [query], { perm: [1, 0] });
  /** `[rows, 1]` */
  const asked = (texts: Value) => g.op('MatMul', [l.dense(l.scaled(texts), 'backward.action'), turned]);
  const overRoot = (logits: Value) => g.op('Mul', [logits, g.number(1 / Math.sqrt(d))]);

  let logPB: Value;
  if (over === 'actions') {
    const legal = g.input('legal', 'float32', ['legal', D], 'vectors of all actions of the state before each edge');
    const legalOf = g.input('legalOf', 'int32', ['legal'], 'the number of the edge that each of them belongs to');
    const among = overRoot(g.op('Transpose', [asked(legal)], { perm: [1, 0] }));
    const members = membership(l, actions, legalOf);
    const masked = g.op('Where', [members, among, g.number(NEVER)]);
    const total = g.op('ReduceLogSumExp', [masked], { axes: [1], keepdims: 1 });
    logPB = g.op('Reshape', [g.op('Sub', [overRoot(asked(actions)), total]), g.integers(-1)]);
  } else {
    const parentItems = g.input(
      'parentItems',
      'float32',
      ['parentItems', D],
      'vectors of what the states before hold, one after the other; may be none',
    );
    const parentOf = g.input(
      'parentOf',
      'int32',
      ['parentItems'],
      'the number of the edge that each of them belongs to',
    );
    const parentStep = g.input('parentStep', 'float32', ['edges'], 'steps taken at the state before each edge');
    const before = g.op('Concat', [parentItems, task], { axis: 0 });
    const nobody = g.constant('nobody', [1], [-1]);
    const of = g.op('Concat', [g.toInt64(parentOf), nobody], { axis: 0 });
    const parents = l.pooled(activated(before), g.toFloat(membership(l, actions, of)));
    const read = (columns: { readonly first: number; readonly count: number }) =>
      g.op('Transpose', [l.dense(query, 'backward.parent', columns)], { perm: [1, 0] });
    const ofItems = g.op('MatMul', [parents, read({ first: 0, count: d })]);
    const steps = g.op('Reshape', [parentStep, g.integers(-1, 1)]);
    const ofStep = g.op('MatMul', [steps, read({ first: d, count: 1 })]);
    const logits = overRoot(g.op('Add', [g.op('Add', [asked(actions), ofItems]), ofStep]));
    logPB = g.op('LogSoftmax', [g.op('Reshape', [logits, g.integers(-1)])], { axis: 0 });
  }
  g.output(logPB, 'logPB', ['edges'], 'log P_B of each edge');
  return g;
}

/** `[edges, rows]` whether a row belongs to an edge. @param of `[rows]` the number of its edge */
function membership({ graph: g, rowNumbers, rowsOf }: Layers, actions: Value, of: Value): Value {
  const edges = g.op('Unsqueeze', [rowNumbers(rowsOf(actions)), g.integers(1)]);
  return g.op('Equal', [edges, g.toInt64(of)]);
}
