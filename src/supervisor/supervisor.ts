/**
 * The Supervisor as programs: its tensors, and the commands that compute it forwards and backwards.
 *
 *   h_s  = trunk([sum_i GELU(W e_i + b) / sqrt(n) ; W_q e_task ; step])
 *   P_F  : logit(s,a) = MLP[u_a ; o ; u_a * o ; h_s ; m] + (W_Q h_s) . (W_K e_a) / sqrt(d) + w . f(s,a) + b_kind + b_skill
 *          with o, m what the state's tokens answer to the action (attend.ts); softmax over leaving edges
 *   P_B  : logit(e|s') = (U_Q h'_s') . (U_K [e_a ; pooled'_s ; step_s]) / sqrt(d); softmax over entering edges
 *   log F(s) = head on h_s; where it is read off the edges, that + log sum_a exp logit(s,a)
 *   log Z(q) = head on the task's unit vector
 *
 * The MLP's first layer is split: the parts of u_a and of h_s are made once per text and per state.
 * Text vectors are read at scale sqrt(D), so that their entries are of order 1.
 */
import type { Backend, Command, Invocations, Tensor } from '../gpu/backend.ts';
import { dispatch } from '../gpu/backend.ts';
import { copyRows } from '../gpu/kernels/copyRows.ts';
import { gatherRows } from '../gpu/kernels/gatherRows.ts';
import { gelu } from '../gpu/kernels/gelu.ts';
import { geluBackward } from '../gpu/kernels/geluBackward.ts';
import { MATMUL_BLOCK, matmul } from '../gpu/kernels/matmul.ts';
import { GRADIENT_CHUNK, matmulGradient } from '../gpu/kernels/matmulGradient.ts';
import { matmulTransposed } from '../gpu/kernels/matmulTransposed.ts';
import { sumPartials } from '../gpu/kernels/sumPartials.ts';
import { actionGradient } from './kernels/actionGradient.ts';
import { addPartition } from './kernels/addPartition.ts';
import { attend } from './kernels/attend.ts';
import { attendBackward } from './kernels/attendBackward.ts';
import { entering } from './kernels/entering.ts';
import { enteringBackward } from './kernels/enteringBackward.ts';
import { everyAction } from './kernels/everyAction.ts';
import { everyActionKeys } from './kernels/everyActionKeys.ts';
import { everyActionQueries } from './kernels/everyActionQueries.ts';
import { everyActionWeights } from './kernels/everyActionWeights.ts';
import { expandSlots } from './kernels/expandSlots.ts';
import { expandTargets } from './kernels/expandTargets.ts';
import { keyGradient } from './kernels/keyGradient.ts';
import { listActive } from './kernels/listActive.ts';
import { normalise } from './kernels/normalise.ts';
import { parentGradient } from './kernels/parentGradient.ts';
import { partitionBackward } from './kernels/partitionBackward.ts';
import { questionGradient } from './kernels/questionGradient.ts';
import { score } from './kernels/score.ts';
import { scoreBackward } from './kernels/scoreBackward.ts';
import { slotBackward } from './kernels/slotBackward.ts';
import { statePool } from './kernels/statePool.ts';
import { taskGradient } from './kernels/taskGradient.ts';
import { tokenAttentionGradient } from './kernels/tokenAttentionGradient.ts';
import { tokenPoolGradient } from './kernels/tokenPoolGradient.ts';
import type { FlowForm, ParameterLayout, ParameterTensor } from './parameters.ts';
import { headExtra, scorerInput, trunkInput } from './parameters.ts';
import type { Capacities, PlanOffsets } from './plan.ts';
import { ACTION_ROW_STRIDE, COUNT, HEADER, NONE, TOKEN_ROW_STRIDE } from './plan.ts';
import type { TaskStore } from './taskStore.ts';

type F = Tensor<'f32'>;
type U = Tensor<'u32'>;

/** A range of rows: their number and their first, both as header indices. */
interface Rows {
  readonly rowsIndex: number;
  readonly baseIndex: number;
}
const all = (rowsIndex: number): Rows => ({ rowsIndex, baseIndex: COUNT.zero });
const NEW_SLOTS: Rows = { rowsIndex: COUNT.newSlots, baseIndex: COUNT.slotBase };
const NEW_EDGES: Rows = { rowsIndex: COUNT.newEdges, baseIndex: COUNT.edgeBase };

/** Activations of one trunk and their gradients. */
interface Trunk {
  readonly prefix: 'forward' | 'backward';
  readonly z: F;
  /** `[depth + 1][rows, d]` */
  readonly h: readonly F[];
  readonly before: readonly F[];
  readonly after: readonly F[];
  readonly dz: F;
  readonly dh: F;
  readonly dAfter: F;
}

/** Everything of the Supervisor that lives on a device. */
export interface SupervisorTensors {
  readonly plan: U;
  readonly counts: U;
  readonly graph: U;
  readonly facts: F;
  readonly vectors: F;
  /** `[nodes]` slot + 1 of a visited state, target + 1 of an entered node, else 0 */
  readonly visit: U;
  readonly entered: U;
  /** `[nodes]` 1 for a state that an edge into an entered node leaves, else 0. Whoever starts a step clears all three. */
  readonly isParent: U;
  readonly parameters: F;
  readonly gradients: F;
  readonly logits: F;
  readonly logPF: F;
  readonly enteringLogits: F;
  readonly logPB: F;
  readonly logZ: F;
  /** `[slots]` log F of each visited state, where the flow head is in use */
  readonly logF: F;
  /** Written by an objective: gradients of the loss in front of each logit, each log F and each log Z. */
  readonly dLogits: F;
  readonly dLogF: F;
  readonly dEnteringLogits: F;
  readonly dLogZ: F;
}

export interface Supervisor {
  readonly layout: ParameterLayout;
  readonly tensors: SupervisorTensors;
  /** Text tables, task vectors and log Z of the batch in the plan. */
  tables(): Command[];
  /** The tables that only the backward policy reads. */
  backwardTables(): Command[];
  /**
   * log P_F of the edges that leave the new slots, and log F of the slots.
   * @param slots the most new slots there can be; all that have room, unless it says fewer
   */
  forwardSlots(slots?: number): Command[];
  /** log P_B of the edges that enter the targets. */
  forwardTargets(): Command[];
  /**
   * From `dLogits` and `dLogF` to the gradients of the parameters of the forward policy and the flow head. Where log F is
   * read off the edges, `dLogits` takes up its share.
   */
  backwardSlots(): Command[];
  /**
   * From `dEnteringLogits` to the gradients of the backward policy's parameters; where it is over all actions, from the
   * coefficient of each step's log P_B instead.
   * @throws TypeError where that is missing
   */
  backwardTargets(coefficients?: StepCoefficients): Command[];
  /** From `dLogZ` to those of the log Z head. */
  backwardLogZ(): Command[];
}

/** Where the coefficient of each step's log P_B stands: `[walks, maxSteps, stride]`. */
export interface StepCoefficients {
  readonly tensor: F;
  readonly stride: number;
  readonly column: number;
}

/** Which parts of the network are in use. */
export interface SupervisorUse {
  /** How log F is had; null where it is not in use. */
  readonly flow: FlowForm | null;
  /** What the backward policy is normalised over: the edges that enter a state, or every action of the state before. */
  readonly backwardOver: 'entering' | 'actions';
}

/** Allocates the Supervisor on a backend. @param initial `[layout.length]` first values of the parameters */
export function createSupervisor(
  backend: Backend,
  layout: ParameterLayout,
  store: TaskStore,
  caps: Capacities,
  planOffsets: PlanOffsets,
  initial: ArrayLike<number>,
  use: SupervisorUse = { flow: null, backwardOver: 'entering' },
): Supervisor {
  const { dimensions: D, width: d, heads: H, depth } = layout.shape;
  const o = { ...store.offsets, ...planOffsets };
  const f = (length: number, label: string) => backend.tensor('f32', Math.max(length, 1), label);

  const plan = backend.tensor('u32', planOffsets.length, 'plan');
  const counts = backend.view(plan, 0, HEADER, 'counts');
  const graph = backend.tensor('u32', store.graph.length, 'graph', store.graph);
  const facts = backend.tensor('f32', store.facts.length, 'facts', store.facts);
  const vectors = backend.tensor('f32', store.vectors.length, 'text vectors', store.vectors);
  const parameters = backend.tensor('f32', layout.length, 'parameters', initial);
  const gradients = backend.tensor('f32', layout.length, 'gradients');
  const view = (tensor: F, { offset, rows, columns, name }: ParameterTensor) =>
    backend.view(tensor, offset, rows * columns, name);
  const w = (name: string) => view(parameters, layout.tensors[name]);

  const texts = { action: f(caps.actionRows * D, 'action texts'), token: f(caps.tokenRows * D, 'token texts') };
  const taskText = f(caps.batch * D, 'task texts');
  const taskUnit = f(caps.batch * D, 'task unit vectors');
  const actions = f(caps.actionRows * 3 * d, 'actions');
  const tokens = f(caps.tokenRows * 3 * d, 'tokens');
  const pooled = f(caps.tokenRows * d, 'pooled tokens');
  const questions = f(caps.actionRows * d, 'questions');
  const task = f(caps.batch * d, 'task');
  const keysB = f(caps.actionRows * d, 'backward keys');
  const tokensB = f(caps.tokenRows * d, 'backward tokens');
  const pooledB = f(caps.tokenRows * d, 'backward pooled tokens');
  const taskB = f(caps.batch * d, 'backward task');
  const states = f(caps.slots * 2 * d, 'states');
  const inputs = f(caps.edges * 2 * scorerInput(layout.shape), 'scorer inputs');
  const weights = f(caps.edges * store.maxTokens * H * 2, 'attention');
  const { skills } = layout.shape;
  const hiddenWidth = 2 * d + headExtra(layout.shape);
  const hidden = f(caps.edges * hiddenWidth, 'hidden');
  const queries = f(caps.targets * d, 'backward queries');
  const parents = f(caps.targets * (d + 1), 'backward parents');

  const dActions = f(caps.actionRows * 3 * d, 'd actions');
  const dTokens = f(caps.tokenRows * 3 * d, 'd tokens');
  const dQuestions = f(caps.actionRows * d, 'd questions');
  const dTask = f(caps.batch * d, 'd task');
  const dStates = f(caps.slots * 2 * d, 'd states');
  const dHidden = f(caps.edges * d, 'd hidden');
  const dEdges = f(caps.edges * (3 * d + H), 'd edges');
  const dQueries = f(caps.targets * d, 'd queries');
  const actionWeights = f(
    use.backwardOver === 'actions' ? caps.walks * caps.maxSteps * store.maxDegree : 1,
    'd logits of all actions',
  );
  const dParents = f(caps.targets * (d + 1), 'd parents');

  // What of the inverse indices counts in a step: as long as they are.
  const active = {
    actions: backend.tensor('u32', Math.max(store.edges, 1), 'active edges by action'),
    tokens: backend.tensor('u32', Math.max(o.tokenInversePosition - o.tokenInverseNode, 1), 'active nodes by item'),
  };

  const tensors: SupervisorTensors = {
    plan,
    counts,
    graph,
    facts,
    vectors,
    visit: backend.tensor('u32', store.nodes, 'visited'),
    entered: backend.tensor('u32', store.nodes, 'entered'),
    isParent: backend.tensor('u32', store.nodes, 'parents of entered'),
    parameters,
    gradients,
    logits: f(caps.edges, 'logits'),
    logPF: f(caps.edges, 'log P_F'),
    enteringLogits: f(caps.entering, 'entering logits'),
    logPB: f(caps.entering, 'log P_B'),
    logZ: f(caps.batch, 'log Z'),
    logF: f(caps.slots, 'log F'),
    dLogF: f(caps.slots, 'd log F'),
    dLogits: f(caps.edges, 'd logits'),
    dEnteringLogits: f(caps.entering, 'd entering logits'),
    dLogZ: f(caps.batch, 'd log Z'),
  };

  const makeTrunk = (prefix: Trunk['prefix'], rows: number): Trunk => ({
    prefix,
    z: f(rows * trunkInput(d), `${prefix} trunk input`),
    h: Array.from({ length: depth + 1 }, (_, l) => f(rows * d, `${prefix} h${l}`)),
    before: Array.from({ length: depth }, (_, l) => f(rows * d, `${prefix} before GELU ${l}`)),
    after: Array.from({ length: depth }, (_, l) => f(rows * d, `${prefix} after GELU ${l}`)),
    dz: f(rows * trunkInput(d), `${prefix} d trunk input`),
    dh: f(rows * d, `${prefix} dh`),
    dAfter: f(rows * d, `${prefix} d GELU`),
  });
  const forward = makeTrunk('forward', caps.slots);
  const backward = makeTrunk('backward', caps.targets);

  // The partial sums of one weight gradient at a time; its largest user sets its size.
  const partialSize = (rows: number, size: number) => Math.ceil(Math.max(rows, 1) / GRADIENT_CHUNK) * size;
  const partial = f(
    Math.max(
      partialSize(caps.tokenRows, (D + 1) * 3 * d),
      partialSize(caps.actionRows, Math.max((D + 1) * 3, d) * d), // as long as a text's vector, or as its question
      partialSize(caps.batch, (D + 1) * d),
      partialSize(caps.edges, (2 * d + H) * d),
      partialSize(caps.slots, (2 * d + 2) * 2 * d),
      partialSize(caps.targets, (2 * d + 2) * (d + 1)),
    ),
    'partial sums',
  );

  /** The most rows there can be of each kind; of new slots and edges those of the round that is being recorded. */
  const most: Record<number, number> = {
    [COUNT.slots]: caps.slots,
    [COUNT.edges]: caps.edges,
    [COUNT.targets]: caps.targets,
    [COUNT.entering]: caps.entering,
    [COUNT.batch]: caps.batch,
    [COUNT.actionRows]: caps.actionRows,
    [COUNT.tokenRows]: caps.tokenRows,
    [COUNT.newSlots]: caps.slots,
    [COUNT.newEdges]: caps.edges,
  };
  /** `times` invocations for each row, or for each block of `rowsEach`. */
  function counted(index: number, times: number, rowsEach = 1): Invocations {
    return { index, times, most: Math.ceil(most[index] / rowsEach) * times };
  }

  /** A dense layer over `rows`; strides default to the widths. */
  function dense(
    name: string,
    rows: Rows,
    x: F,
    y: F,
    {
      xStride,
      xOffset = 0,
      yStride,
      yOffset = 0,
      accumulate = 0,
    }: {
      xStride?: number;
      xOffset?: number;
      yStride?: number;
      yOffset?: number;
      accumulate?: 0 | 1;
    } = {},
  ): Command {
    const { rows: height, columns, bias } = layout.tensors[name];
    const inner = bias ? height - 1 : height;
    return dispatch(
      matmul,
      counted(rows.rowsIndex, Math.ceil(columns / MATMUL_BLOCK), MATMUL_BLOCK),
      { counts, x, w: w(name), y },
      {
        ...rows,
        inner,
        columns,
        xStride: xStride ?? inner,
        xOffset,
        yStride: yStride ?? columns,
        yOffset,
        bias: bias ? 1 : 0,
        accumulate,
      },
    );
  }

  /** Gradient of a layer's weights from its input and the gradient of its output, over all rows. */
  function denseGradient(
    name: string,
    rowsIndex: number,
    capacity: number,
    x: F,
    dy: F,
    {
      xStride,
      xOffset = 0,
      yStride,
      yOffset = 0,
    }: {
      xStride?: number;
      xOffset?: number;
      yStride?: number;
      yOffset?: number;
    } = {},
  ): Command[] {
    const tensor = layout.tensors[name];
    const { rows: height, columns, bias } = tensor;
    const inner = bias ? height - 1 : height;
    const blocks = Math.ceil(height / MATMUL_BLOCK) * Math.ceil(columns / MATMUL_BLOCK);
    const chunks = Math.ceil(Math.max(capacity, 1) / GRADIENT_CHUNK);
    return [
      dispatch(
        matmulGradient,
        chunks * blocks,
        { counts, x, dy, partial },
        {
          rowsIndex,
          inner,
          columns,
          xStride: xStride ?? inner,
          xOffset,
          yStride: yStride ?? columns,
          yOffset,
          bias: bias ? 1 : 0,
          chunk: GRADIENT_CHUNK,
        },
      ),
      dispatch(
        sumPartials,
        height * columns,
        { counts, partial, y: view(gradients, tensor) },
        { rowsIndex, chunk: GRADIENT_CHUNK, size: height * columns },
      ),
    ];
  }

  /** Gradient of a layer's input. */
  function denseBackward(
    name: string,
    rowsIndex: number,
    dy: F,
    dx: F,
    {
      xStride,
      xOffset = 0,
      yStride,
      yOffset = 0,
      accumulate = 0,
    }: {
      xStride?: number;
      xOffset?: number;
      yStride?: number;
      yOffset?: number;
      accumulate?: 0 | 1;
    } = {},
  ): Command {
    const { rows: height, columns, bias } = layout.tensors[name];
    const inner = bias ? height - 1 : height;
    return dispatch(
      matmulTransposed,
      counted(rowsIndex, Math.ceil(inner / MATMUL_BLOCK), MATMUL_BLOCK),
      { counts, dy, w: w(name), dx },
      {
        rowsIndex,
        inner,
        columns,
        xStride: xStride ?? inner,
        xOffset,
        yStride: yStride ?? columns,
        yOffset,
        accumulate,
      },
    );
  }

  function gather(rowsIndex: number, indexOffset: number, indexStride: number, y: F, scale: number): Command {
    return dispatch(
      gatherRows,
      counted(rowsIndex, D),
      { plan, x: vectors, y },
      { rowsIndex, columns: D, indexOffset, indexStride, scale },
    );
  }

  function activateTable(x: F, xStride: number, y: F): Command {
    const rows = all(COUNT.tokenRows);
    return dispatch(gelu, counted(rows.rowsIndex, d), { counts, x, y }, { ...rows, columns: d, xStride, xOffset: 0 });
  }

  function trunkForward(trunk: Trunk, records: number, rows: Rows, activated: F, taskVectors: F): Command[] {
    const { prefix, z, h, before, after } = trunk;
    const commands = [
      dispatch(
        statePool,
        counted(rows.rowsIndex, trunkInput(d)),
        { plan, graph, facts, activated, task: taskVectors, z },
        { records, ...rows, width: d, stepFeature: o.stepFeature },
      ),
      dense(`${prefix}.in`, rows, z, h[0]),
    ];
    for (let l = 0; l < depth; l++) {
      commands.push(
        dense(`${prefix}.block${l}.up`, rows, h[l], before[l]),
        dispatch(
          gelu,
          counted(rows.rowsIndex, d),
          { counts, x: before[l], y: after[l] },
          { ...rows, columns: d, xStride: d, xOffset: 0 },
        ),
        dispatch(copyRows, counted(rows.rowsIndex, d), { counts, x: h[l], y: h[l + 1] }, { ...rows, columns: d }),
        dense(`${prefix}.block${l}.down`, rows, after[l], h[l + 1], { accumulate: 1 }),
      );
    }
    return commands;
  }

  /** From `trunk.dh` (gradient of the trunk's output) to its parameters, `dz` and the task's gradient. */
  function trunkBackward(
    trunk: Trunk,
    records: number,
    rowsIndex: number,
    capacity: number,
    dTaskVectors: F,
  ): Command[] {
    const { prefix, z, h, before, after, dz, dh, dAfter } = trunk;
    const commands: Command[] = [];
    for (let l = depth - 1; l >= 0; l--) {
      commands.push(
        ...denseGradient(`${prefix}.block${l}.down`, rowsIndex, capacity, after[l], dh),
        denseBackward(`${prefix}.block${l}.down`, rowsIndex, dh, dAfter),
        // `after` is not needed any more: it takes the gradient of `before`.
        dispatch(
          geluBackward,
          counted(rowsIndex, d),
          { counts, x: before[l], dy: dAfter, dx: after[l] },
          { rowsIndex, columns: d },
        ),
        ...denseGradient(`${prefix}.block${l}.up`, rowsIndex, capacity, h[l], after[l]),
        denseBackward(`${prefix}.block${l}.up`, rowsIndex, after[l], dh, { accumulate: 1 }),
      );
    }
    commands.push(
      ...denseGradient(`${prefix}.in`, rowsIndex, capacity, z, dh),
      denseBackward(`${prefix}.in`, rowsIndex, dh, dz),
      dispatch(
        taskGradient,
        counted(COUNT.batch, d),
        { plan, dz, dTask: dTaskVectors },
        { records, rowsIndex, width: d },
      ),
      ...denseGradient(`${prefix}.task`, COUNT.batch, caps.batch, taskText, dTaskVectors),
    );
    return commands;
  }

  /** Edges of the batch's actions whose node at one end, `nodeOf`, is marked. */
  function activeActions(marks: U, nodeOf: number): Command {
    return dispatch(
      listActive,
      counted(COUNT.actionRows, listActive.workgroup),
      { plan, graph, marks, listed: active.actions },
      {
        rowsIndex: COUNT.actionRows,
        rows: o.actionRows,
        rowStride: ACTION_ROW_STRIDE,
        inverseStart: o.actionInverseStart,
        inverse: o.actionInverse,
        nodeOf,
      },
    );
  }

  /** Marked nodes that hold the batch's tokens as items. */
  function activeTokens(marks: U): Command {
    return dispatch(
      listActive,
      counted(COUNT.tokenRows, listActive.workgroup),
      { plan, graph, marks, listed: active.tokens },
      {
        rowsIndex: COUNT.tokenRows,
        rows: o.tokenRows,
        rowStride: TOKEN_ROW_STRIDE,
        inverseStart: o.tokenInverseStart,
        inverse: o.tokenInverseNode,
        nodeOf: NONE,
      },
    );
  }

  /** From `dz` of the nodes in `active.tokens` to the pooled part of a token table's gradient. */
  function poolGradient(records: number, visit: U, table: F, dz: F, stride: number): Command {
    return dispatch(
      tokenPoolGradient,
      counted(COUNT.tokenRows, d),
      { plan, graph, visit, listed: active.tokens, tokens: table, dz, dTokens },
      {
        records,
        tokenRows: o.tokenRows,
        tokenInverseStart: o.tokenInverseStart,
        tokenInverseNode: o.tokenInverseNode,
        width: d,
        stride,
      },
    );
  }

  /** log P_B as a softmax over the edges that enter each target. */
  function overEntering(rows: Rows): Command[] {
    return [
      dense('backward.parent', rows, queries, parents),
      dispatch(
        entering,
        counted(COUNT.entering, 1),
        { plan, graph, facts, activated: pooledB, keys: keysB, queries, parents, logits: tensors.enteringLogits },
        {
          enteringRecords: o.enteringRecords,
          batchOf: o.batchOf,
          itemStart: o.itemStart,
          itemList: o.itemList,
          nodeTask: o.nodeTask,
          stepFeature: o.stepFeature,
          width: d,
        },
      ),
      dispatch(
        normalise,
        counted(COUNT.targets, 1),
        { plan, logits: tensors.enteringLogits, logP: tensors.logPB },
        { records: o.targetRecords, ...rows },
      ),
    ];
  }

  /** From the gradients of the entering logits to those of queries and parents. */
  function overEnteringBackward(): Command[] {
    return [
      dispatch(
        enteringBackward,
        counted(COUNT.targets, 2 * d + 1),
        { plan, graph, facts, activated: pooledB, keys: keysB, dLogits: tensors.dEnteringLogits, dQueries, dParents },
        pick(enteringBackward.params, { ...o, width: d }),
      ),
      ...denseGradient('backward.parent', COUNT.targets, caps.targets, queries, dParents),
      denseBackward('backward.parent', COUNT.targets, dParents, dQueries, { accumulate: 1 }),
    ];
  }

  /** The same over all actions of the state before, as published. */
  function overActions(): Command[] {
    return [
      dispatch(
        everyAction,
        counted(COUNT.entering, 1),
        { plan, graph, keys: keysB, queries, logPB: tensors.logPB },
        pick(everyAction.params, { ...o, width: d }),
      ),
    ];
  }

  /** From the coefficients to the gradients of queries and keys where P_B is over all actions. */
  function overActionsBackward(coefficients?: StepCoefficients): Command[] {
    if (!coefficients) throw new TypeError('P_B over all actions is differentiated from the coefficients of steps.');
    const { tensor, stride, column } = coefficients;
    const sizes = { ...o, maxSteps: caps.maxSteps, maxDegree: store.maxDegree, width: d, stride, column };
    const steps = caps.walks * caps.maxSteps;
    return [
      dispatch(
        everyActionWeights,
        steps,
        { plan, graph, keys: keysB, queries, logPB: tensors.logPB, coefficients: tensor, weights: actionWeights },
        pick(everyActionWeights.params, sizes),
      ),
      dispatch(
        everyActionQueries,
        counted(COUNT.targets, d),
        { plan, graph, keys: keysB, weights: actionWeights, dQueries },
        pick(everyActionQueries.params, sizes),
      ),
      dispatch(
        everyActionKeys,
        counted(COUNT.edges, d),
        // The forward policy is done with it.
        { plan, queries, weights: actionWeights, dKeys: dHidden },
        pick(everyActionKeys.params, sizes),
      ),
    ];
  }

  const inputStride = 2 * scorerInput(layout.shape);
  const edgeStride = 3 * d + H;

  return {
    layout,
    tensors,

    tables() {
      const actionRows = all(COUNT.actionRows);
      const tokenRows = all(COUNT.tokenRows);
      const batch = all(COUNT.batch);
      const scale = Math.sqrt(D);
      return [
        gather(COUNT.actionRows, o.actionRows, ACTION_ROW_STRIDE, texts.action, scale),
        gather(COUNT.tokenRows, o.tokenRows, TOKEN_ROW_STRIDE, texts.token, scale),
        gather(COUNT.batch, o.batchTask + 1, 2, taskText, scale),
        gather(COUNT.batch, o.batchTask + 1, 2, taskUnit, 1),
        dense('forward.action', actionRows, texts.action, actions),
        dense('forward.token', tokenRows, texts.token, tokens),
        dense('forward.task', batch, taskText, task),
        dense('forward.question', actionRows, actions, questions, { xStride: 3 * d }),
        activateTable(tokens, 3 * d, pooled),
        dense('logZ.head', batch, taskUnit, tensors.logZ),
      ];
    },

    backwardTables() {
      return [
        dense('backward.action', all(COUNT.actionRows), texts.action, keysB),
        dense('backward.token', all(COUNT.tokenRows), texts.token, tokensB),
        dense('backward.task', all(COUNT.batch), taskText, taskB),
        activateTable(tokensB, d, pooledB),
      ];
    },

    forwardSlots(slots = caps.slots) {
      most[COUNT.newSlots] = Math.min(slots, caps.slots);
      most[COUNT.newEdges] = Math.min(slots * store.maxDegree, caps.edges);
      return [
        dispatch(expandSlots, counted(COUNT.newSlots, 1), { plan, graph }, pick(expandSlots.params, o)),
        ...trunkForward(forward, o.slotRecords, NEW_SLOTS, pooled, task),
        dense('forward.state', NEW_SLOTS, forward.h[depth], states),
        dispatch(
          attend,
          counted(COUNT.newEdges, H),
          { plan, graph, facts, actions, tokens, gain: w('forward.gain'), inputs, weights },
          { slotRecords: o.slotRecords, edgeRecords: o.edgeRecords, width: d, heads: H, maxTokens: store.maxTokens },
        ),
        dense('forward.scorer', NEW_EDGES, inputs, hidden, { xStride: inputStride, yStride: hiddenWidth }),
        dispatch(
          score,
          counted(COUNT.newEdges, 1),
          { plan, facts, actions, questions, states, head: w('forward.head'), hidden, logits: tensors.logits },
          { edgeRecords: o.edgeRecords, features: o.features, width: d, skills },
        ),
        dispatch(
          normalise,
          counted(COUNT.newSlots, 1),
          { plan, logits: tensors.logits, logP: tensors.logPF },
          { records: o.slotRecords, ...NEW_SLOTS },
        ),
        ...(use.flow ? [dense('flow.head', NEW_SLOTS, forward.h[depth], tensors.logF)] : []),
        ...(use.flow === 'edges'
          ? [
              dispatch(
                addPartition,
                counted(COUNT.newSlots, 1),
                { plan, logits: tensors.logits, logP: tensors.logPF, logF: tensors.logF },
                { records: o.slotRecords, ...NEW_SLOTS },
              ),
            ]
          : []),
      ];
    },

    forwardTargets() {
      const rows = all(COUNT.targets);
      return [
        dispatch(
          expandTargets,
          counted(COUNT.entering, 1),
          { plan, graph, isParent: tensors.isParent },
          pick(expandTargets.params, o),
        ),
        ...trunkForward(backward, o.targetRecords, rows, pooledB, taskB),
        dense('backward.query', rows, backward.h[depth], queries),
        ...(use.backwardOver === 'actions' ? overActions() : overEntering(rows)),
      ];
    },

    backwardSlots() {
      const { dLogits, visit } = tensors;
      const shape = {
        slotRecords: o.slotRecords,
        edgeRecords: o.edgeRecords,
        width: d,
        heads: H,
        maxTokens: store.maxTokens,
      };
      const inverse = {
        slotRecords: o.slotRecords,
        actionRows: o.actionRows,
        actionInverseStart: o.actionInverseStart,
        actionInverse: o.actionInverse,
        outStart: o.outStart,
        edgeSource: o.edgeSource,
        width: d,
      };
      return [
        ...(use.flow === 'edges'
          ? [
              dispatch(
                partitionBackward,
                counted(COUNT.slots, 1),
                { plan, logP: tensors.logPF, dLogF: tensors.dLogF, dLogits },
                { records: o.slotRecords, rowsIndex: COUNT.slots },
              ),
            ]
          : []),
        dispatch(
          scoreBackward,
          counted(COUNT.edges, d),
          { plan, hidden, head: w('forward.head'), dLogits, dHidden },
          { width: d, skills },
        ),
        ...denseGradient('forward.head', COUNT.edges, caps.edges, hidden, dLogits, {
          xStride: hiddenWidth,
          xOffset: d,
        }),
        ...denseGradient('forward.scorer', COUNT.edges, caps.edges, inputs, dHidden, { xStride: inputStride }),
        denseBackward('forward.scorer', COUNT.edges, dHidden, inputs, {
          xStride: inputStride,
          xOffset: scorerInput(layout.shape),
        }),
        dispatch(
          attendBackward,
          counted(COUNT.edges, H),
          { plan, graph, facts, actions, tokens, inputs, weights, dEdges },
          shape,
        ),
        ...gainGradient(),
        dispatch(
          slotBackward,
          counted(COUNT.slots, 2 * d),
          { plan, actions, dHidden, dLogits, dStates },
          { slotRecords: o.slotRecords, edgeRecords: o.edgeRecords, width: d },
        ),
        ...denseGradient('forward.state', COUNT.slots, caps.slots, forward.h[depth], dStates),
        denseBackward('forward.state', COUNT.slots, dStates, forward.dh),
        ...(use.flow
          ? [
              ...denseGradient('flow.head', COUNT.slots, caps.slots, forward.h[depth], tensors.dLogF),
              denseBackward('flow.head', COUNT.slots, tensors.dLogF, forward.dh, { accumulate: 1 }),
            ]
          : []),
        ...trunkBackward(forward, o.slotRecords, COUNT.slots, caps.slots, dTask),
        activeActions(visit, o.edgeSource),
        dispatch(
          actionGradient,
          counted(COUNT.actionRows, 3 * d),
          { plan, graph, visit, listed: active.actions, states, dLogits, dEdges, dActions },
          { ...inverse, heads: H },
        ),
        dispatch(
          questionGradient,
          counted(COUNT.actionRows, d),
          { plan, graph, visit, listed: active.actions, dHidden, dQuestions },
          inverse,
        ),
        ...denseGradient('forward.question', COUNT.actionRows, caps.actionRows, actions, dQuestions, {
          xStride: 3 * d,
        }),
        denseBackward('forward.question', COUNT.actionRows, dQuestions, dActions, { xStride: 3 * d, accumulate: 1 }),
        ...denseGradient('forward.action', COUNT.actionRows, caps.actionRows, texts.action, dActions),
        activeTokens(visit),
        poolGradient(o.slotRecords, visit, tokens, forward.dz, 3 * d),
        dispatch(
          tokenAttentionGradient,
          counted(COUNT.tokenRows, 2 * d),
          { plan, graph, visit, listed: active.tokens, actions, weights, dEdges, dTokens },
          {
            ...shape,
            tokenRows: o.tokenRows,
            tokenInverseStart: o.tokenInverseStart,
            tokenInverseNode: o.tokenInverseNode,
            tokenInversePosition: o.tokenInversePosition,
          },
        ),
        ...denseGradient('forward.token', COUNT.tokenRows, caps.tokenRows, texts.token, dTokens),
      ];
    },

    backwardTargets(coefficients) {
      const { dEnteringLogits: dLogits, entered, visit } = tensors;
      const over = use.backwardOver;
      const keys: Command[] =
        over === 'actions'
          ? [
              activeActions(visit, o.edgeSource),
              dispatch(
                questionGradient,
                counted(COUNT.actionRows, d),
                { plan, graph, visit, listed: active.actions, dHidden, dQuestions },
                pick(questionGradient.params, { ...o, width: d }),
              ),
            ]
          : [
              activeActions(entered, o.edgeTarget),
              dispatch(
                keyGradient,
                counted(COUNT.actionRows, d),
                { plan, graph, visit: entered, listed: active.actions, queries, dLogits, dKeys: dQuestions },
                pick(keyGradient.params, { ...o, width: d }),
              ),
            ];
      const parentTokens: Command[] =
        over === 'actions'
          ? []
          : [
              activeTokens(tensors.isParent),
              dispatch(
                parentGradient,
                counted(COUNT.tokenRows, d),
                { plan, graph, visit: entered, listed: active.tokens, tokens: tokensB, parents, dLogits, dTokens },
                pick(parentGradient.params, { ...o, width: d }),
              ),
            ];
      return [
        ...(over === 'actions' ? overActionsBackward(coefficients) : overEnteringBackward()),
        ...denseGradient('backward.query', COUNT.targets, caps.targets, backward.h[depth], dQueries),
        denseBackward('backward.query', COUNT.targets, dQueries, backward.dh),
        ...trunkBackward(backward, o.targetRecords, COUNT.targets, caps.targets, dTask),
        ...keys,
        ...denseGradient('backward.action', COUNT.actionRows, caps.actionRows, texts.action, dQuestions),
        activeTokens(entered),
        poolGradient(o.targetRecords, entered, tokensB, backward.dz, d),
        ...parentTokens,
        ...denseGradient('backward.token', COUNT.tokenRows, caps.tokenRows, texts.token, dTokens),
      ];
    },

    backwardLogZ() {
      return denseGradient('logZ.head', COUNT.batch, caps.batch, taskUnit, tensors.dLogZ);
    },
  };

  /** The gain's gradient: column sums of the last H columns of `dEdges`, as a layer of bias alone. */
  function gainGradient(): Command[] {
    const chunks = Math.ceil(caps.edges / GRADIENT_CHUNK);
    return [
      dispatch(
        matmulGradient,
        chunks * Math.ceil(H / MATMUL_BLOCK),
        { counts, x: hidden, dy: dEdges, partial },
        {
          rowsIndex: COUNT.edges,
          inner: 0,
          columns: H,
          xStride: 0,
          xOffset: 0,
          yStride: edgeStride,
          yOffset: 3 * d,
          bias: 1,
          chunk: GRADIENT_CHUNK,
        },
      ),
      dispatch(
        sumPartials,
        H,
        { counts, partial, y: view(gradients, layout.tensors['forward.gain']) },
        { rowsIndex: COUNT.edges, chunk: GRADIENT_CHUNK, size: H },
      ),
    ];
  }
}

/** The offsets a kernel asks for by name. */
function pick<P extends Readonly<Record<string, unknown>>>(
  params: P,
  offsets: { readonly [K in keyof P]: number },
): { readonly [K in keyof P]: number } {
  return Object.fromEntries(Object.keys(params).map((name) => [name, offsets[name]])) as { [K in keyof P]: number };
}
