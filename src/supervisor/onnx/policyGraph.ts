/**
 * One state with its actions: log P_F of each, and log F and log Z where they were trained. The equations are those of
 * supervisor.ts; matches are computed inside, and cosines where they are of vectors, so that those are all that is asked for.
 */
import type { FlowForm, ParameterLayout } from '../parameters.ts';
import { FEATURES, KINDS } from '../taskStore.ts';
import type { Precision } from './graphBuilder.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { layersOf } from './layers.ts';

export interface PolicyOutputs {
  /** How log F is had, where it was trained; whether the head of log Z was. */
  readonly flow: FlowForm | null;
  readonly logZ: boolean;
  /** Of vectors cosines are computed inside, of words they are given. */
  readonly matches?: 'vectors' | 'words';
}

/** Below any cosine. */
const LOWEST = -2;

/** @param values `[layout.length]` */
export function policyGraph(
  layout: ParameterLayout,
  values: Float32Array,
  outputs: PolicyOutputs,
  precision: Precision,
): GraphBuilder {
  const { dimensions: D, width: d, heads: H, skills } = layout.shape;
  const size = d / H;
  const g = new GraphBuilder(precision);
  const l = layersOf(g, layout, values);

  const task = g.input('task', 'float32', [1, D], 'vector of the whole text of the task');
  const words = g.input(
    'words',
    'float32',
    ['words', D],
    "vectors of the task's distinct words, without the whole text",
  );
  const items = g.input('items', 'float32', ['items', D], 'vectors of what the state holds, in any order; may be none');
  const step = g.input('step', 'float32', [1], 'steps taken, over the most steps that the task allows');
  const actions = g.input(
    'actions',
    'float32',
    ['actions', D],
    'vectors of the actions that the state allows, one or more',
  );
  const kind = g.input('kind', 'int32', ['actions'], '0 for an act, 1 for a skill, 2 for accept');
  const skill = g.input('skill', 'int32', ['actions'], "a skill's place in the library + 1; 0 for what is no skill");

  // Tokens: items first, the whole text last.
  const tokens = g.op('Concat', [items, words, task], { axis: 0 });
  const itemCount = l.rowsOf(items);
  const isItem = g.op('Less', [l.rowNumbers(l.rowsOf(tokens)), itemCount]);
  const itemMask = g.op('Unsqueeze', [g.toFloat(isItem), g.integers(0)]);

  const texts = l.scaled(tokens);
  const taskText = l.scaled(task);
  const asked = l.scaled(actions);
  const third = (i: number) => ({ first: i * d, count: d });

  // The state.
  const activated = l.gelu(l.dense(texts, 'forward.token', third(0)));
  const h = l.trunk('forward', l.pooled(activated, itemMask), taskText, step);

  // Cosines: [actions, tokens], and of each token with the task [1, tokens].
  const turned = g.op('Transpose', [tokens], { perm: [1, 0] });
  const given = outputs.matches === 'words';
  const cosines = given
    ? g.input('cosines', 'float32', ['actions', 'tokens'], 'of each action with items, words and task, in this order')
    : g.op('MatMul', [actions, turned]);
  const toTask = given
    ? g.input('taskCosines', 'float32', [1, 'tokens'], 'of the whole text of the task with the same')
    : g.op('MatMul', [task, turned]);

  // Attention, [heads, actions, tokens].
  const split = (table: string) => g.op('Reshape', [table, g.integers(-1, H, size)]);
  const query = g.op('Transpose', [split(l.dense(asked, 'forward.action', third(1)))], { perm: [1, 0, 2] });
  const key = g.op('Transpose', [split(l.dense(texts, 'forward.token', third(1)))], { perm: [1, 2, 0] });
  const value = g.op('Transpose', [split(l.dense(texts, 'forward.token', third(2)))], { perm: [1, 0, 2] });
  const gain = g.op('Reshape', [l.weight('forward.gain', { first: 0, count: H }), g.integers(H, 1, 1)]);
  const scores = g.op('Add', [
    g.op('Mul', [g.op('MatMul', [query, key]), g.number(1 / Math.sqrt(size))]),
    g.op('Mul', [gain, cosines]),
  ]);
  const attention = g.op('Softmax', [scores], { axis: -1 });
  const attended = g.op('Reshape', [
    g.op('Transpose', [g.op('MatMul', [attention, value])], { perm: [1, 0, 2] }),
    g.integers(-1, d),
  ]);
  const matched = g.op(
    'Transpose',
    [g.op('ReduceSum', [g.op('Mul', [attention, cosines]), g.integers(-1)], { keepdims: 0 })],
    { perm: [1, 0] },
  );

  // The scorer.
  const question = l.dense(asked, 'forward.action', third(0));
  const input = g.op('Concat', [attended, g.op('Mul', [attended, question]), matched], { axis: 1 });
  const before = g.op('Add', [
    g.op('Add', [l.dense(input, 'forward.scorer'), l.dense(question, 'forward.question')]),
    l.dense(h, 'forward.state', third(0)),
  ]);
  const head = (first: number, count: number) => l.weight('forward.head', { first, count });
  const scored = g.op('MatMul', [l.gelu(before), head(0, d)]);
  const pointer = g.op('MatMul', [
    l.dense(asked, 'forward.action', third(2)),
    g.op('Transpose', [l.dense(h, 'forward.state', third(1))], { perm: [1, 0] }),
  ]);

  // What the action matches: the task, the nearest item, the nearest item that matters; 0 where there is none.
  const known = d + skills;
  const whole = given
    ? g.op('Gather', [cosines, g.integers(-1)], { axis: 1 })
    : g.op('MatMul', [actions, g.op('Transpose', [task], { perm: [1, 0] })]);
  const max = (of: string) => g.op('ReduceMax', [of], { axes: [1], keepdims: 1 });
  const nearest = g.op('Where', [
    g.op('Greater', [itemCount, g.integer(0)]),
    max(g.op('Where', [isItem, cosines, g.number(LOWEST)])),
    g.number(0),
  ]);
  // The whole text is no item, so that there is always a 0 among them.
  const matters = g.op('Mul', [g.op('Relu', [toTask]), itemMask]);
  const relevant = max(g.op('Mul', [cosines, matters]));
  const features = g.op('MatMul', [
    g.op('Concat', [whole, nearest, relevant], { axis: 1 }),
    head(known + KINDS, FEATURES),
  ]);

  // One number for each kind and for each skill; no skill has 0.
  const ofKind = g.op('Gather', [head(known, KINDS), kind], { axis: 0 });
  const none = g.constant('no skill', [1, 1], new Float32Array(1));
  const bySkill = skills === 0 ? none : g.op('Concat', [none, head(d, skills)], { axis: 0 });
  const ofSkill = g.op('Gather', [bySkill, skill], { axis: 0 });

  const parts = [scored, g.op('Mul', [pointer, g.number(1 / Math.sqrt(d))]), features, ofKind, ofSkill];
  const logits = g.op('Reshape', [parts.reduce((sum, part) => g.op('Add', [sum, part])), g.integers(-1)]);
  g.output(g.op('LogSoftmax', [logits], { axis: 0 }), 'logPF', ['actions'], 'log P_F of each action');
  const scalar = (value: string) => g.op('Reshape', [value, g.integers(1)]);
  if (outputs.flow) {
    const ofHead = scalar(l.dense(h, 'flow.head'));
    const partition = () => g.op('ReduceLogSumExp', [logits], { axes: [0], keepdims: 1 });
    const logF = outputs.flow === 'edges' ? g.op('Add', [ofHead, partition()]) : ofHead;
    g.output(logF, 'logF', [1], 'log F of the state');
  }
  if (outputs.logZ) g.output(scalar(l.dense(task, 'logZ.head')), 'logZ', [1], 'log Z of the task');
  return g;
}
