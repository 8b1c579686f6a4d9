/** The dense step as a recorded program of this project's kernels: one submission a step. */

import { COEFFICIENT_STRIDE } from '../../src/flow/kernels/spreadCoefficients.ts';
import { LOSS_STRIDE, taskSums } from '../../src/flow/kernels/taskSums.ts';
import { SUMS, SUMS_STRIDE } from '../../src/flow/kernels/walkSums.ts';
import { tb } from '../../src/flow/objectives/tb/tb.ts';
import { ttb } from '../../src/flow/objectives/ttb/ttb.ts';
import type { Backend, Command, Program, Tensor } from '../../src/gpu/backend.ts';
import { aligned, dispatch } from '../../src/gpu/backend.ts';
import { adamw } from '../../src/gpu/kernels/adamw.ts';
import { copyRows } from '../../src/gpu/kernels/copyRows.ts';
import { gelu } from '../../src/gpu/kernels/gelu.ts';
import { geluBackward } from '../../src/gpu/kernels/geluBackward.ts';
import { matmul } from '../../src/gpu/kernels/matmul.ts';
import { GRADIENT_CHUNK, matmulGradient } from '../../src/gpu/kernels/matmulGradient.ts';
import { matmulTransposed } from '../../src/gpu/kernels/matmulTransposed.ts';
import { sumPartials } from '../../src/gpu/kernels/sumPartials.ts';
import { COUNT, HEADER } from '../../src/supervisor/plan.ts';
import { denseEdges } from '../kernels/denseEdges.ts';
import { denseHidden } from '../kernels/denseHidden.ts';
import { denseLoss } from '../kernels/denseLoss.ts';
import { denseNormalise } from '../kernels/denseNormalise.ts';
import { denseProduct } from '../kernels/denseProduct.ts';
import { denseScore } from '../kernels/denseScore.ts';
import { denseSpread } from '../kernels/denseSpread.ts';
import { denseStates } from '../kernels/denseStates.ts';
import { denseWalks } from '../kernels/denseWalks.ts';
import type { DenseEngine } from './engine.ts';
import type { DenseParameters, DenseProblem } from './problem.ts';
import { OPTIMISER } from './problem.ts';

type F = Tensor<'f32'>;

/** Steps whose losses are kept. */
const RING = 4096;
/** So large that the quadratic loss is never continued linearly, as the peers' is not. */
const NO_HUBER = 1e30;

/** Invocations that a weight gradient should have, and rows that one should sum at least. */
const ENOUGH_BLOCKS = 256;
const SMALLEST_CHUNK = 64;

/** `[inner (+ 1), columns]`: a bias is the last row. */
interface Layer {
  readonly offset: number;
  readonly inner: number;
  readonly columns: number;
  readonly bias: boolean;
}

const LAYERS = ['in', 'up', 'down', 'action', 'state', 'scorer', 'head', 'logZ'] as const;
type LayerName = (typeof LAYERS)[number];

/** Matrices side by side, below them their biases. */
function layerValues(inner: number, parts: readonly (readonly [w: Float32Array, b?: Float32Array])[]): number[] {
  const values: number[] = [];
  for (let k = 0; k < inner; k++) {
    for (const [w] of parts) {
      const columns = w.length / inner;
      values.push(...w.subarray(k * columns, (k + 1) * columns));
    }
  }
  for (const [, b] of parts) if (b) values.push(...b);
  return values;
}

function layOut(p: DenseParameters, D: number, d: number) {
  const values: Record<LayerName, number[]> = {
    in: layerValues(D, [[p.inW, p.inB]]),
    up: layerValues(d, [[p.upW, p.upB]]),
    down: layerValues(d, [[p.downW, p.downB]]),
    action: layerValues(D, [
      [p.keyW, p.keyB],
      [p.questionW, p.questionB],
    ]),
    state: layerValues(d, [
      [p.scorerW, p.scorerB],
      [p.queryW, p.queryB],
    ]),
    // [u | u * h] into the hidden layer: one matrix below the other.
    scorer: [...p.scorerU, ...p.scorerP],
    head: [...p.head],
    logZ: layerValues(D, [[p.logZW, p.logZB]]),
  };
  const shapes: Record<LayerName, Omit<Layer, 'offset'>> = {
    in: { inner: D, columns: d, bias: true },
    up: { inner: d, columns: d, bias: true },
    down: { inner: d, columns: d, bias: true },
    action: { inner: D, columns: 2 * d, bias: true },
    state: { inner: d, columns: 2 * d, bias: true },
    scorer: { inner: 2 * d, columns: d, bias: false },
    head: { inner: d, columns: 1, bias: false },
    logZ: { inner: D, columns: 1, bias: true },
  };
  const arena: number[] = [];
  const layers = {} as Record<LayerName, Layer>;
  for (const name of LAYERS) {
    const offset = aligned(arena.length);
    arena.push(...new Array<number>(offset - arena.length).fill(0), ...values[name]);
    layers[name] = { ...shapes[name], offset };
  }
  return { layers, arena };
}

export interface OurEngine extends DenseEngine {
  readonly backend: Backend;
  readonly program: Program;
}

/** @param backend stays the caller's */
export async function ourEngine(backend: Backend, problem: DenseProblem): Promise<OurEngine> {
  const { sizes, walks, rows, edges } = problem;
  const { tasks, trajectories, steps, actions, dimensions: D, width: d } = sizes;
  const { layers, arena } = layOut(problem.parameters, D, d);
  const f = (length: number, label: string, data?: ArrayLike<number>) => backend.tensor('f32', length, label, data);

  // The product's kernels read how many rows there are from a header; here it is fixed.
  const header = new Uint32Array(HEADER);
  header[COUNT.slots] = rows;
  header[COUNT.edges] = edges;
  header[COUNT.batch] = tasks;
  header[COUNT.walks] = walks;
  const plan = backend.tensor('u32', HEADER, 'plan', header);
  const rowsOf = { [COUNT.slots]: rows, [COUNT.edges]: edges, [COUNT.batch]: tasks };

  const data = {
    states: f(rows * D, 'state vectors', problem.states),
    actions: f(edges * D, 'action vectors', problem.actions),
    tasks: f(tasks * D, 'task vectors', problem.taskVectors),
    legal: f(edges, 'legal', problem.legal),
    chosen: f(edges, 'chosen', problem.chosen),
  };
  const sums = new Float32Array(walks * SUMS_STRIDE);
  for (let w = 0; w < walks; w++) {
    sums[w * SUMS_STRIDE + SUMS.logTarget] = problem.targets[w];
    sums[w * SUMS_STRIDE + SUMS.length] = problem.lengths[w];
  }
  const walkSums = f(sums.length, 'walk sums', sums);

  const parameters = f(arena.length, 'parameters', arena);
  const gradients = f(arena.length, 'gradients');
  const first = f(arena.length, 'first moments');
  const second = f(arena.length, 'second moments');
  const schedule = f(4, 'schedule');
  const norms = f(1, 'no norm: nothing is clipped');
  const ring = f(RING, 'losses');
  const height = ({ inner, bias }: Layer) => inner + (bias ? 1 : 0);
  const view = (of: F, name: LayerName) =>
    backend.view(of, layers[name].offset, height(layers[name]) * layers[name].columns, name);

  const z = f(rows * d, 'z');
  const before = f(rows * d, 'before GELU');
  const after = f(rows * d, 'after GELU');
  const h = f(rows * d, 'h');
  const states = f(rows * 2 * d, 'states');
  const edgeValues = f(edges * 3 * d, 'edges');
  const hidden = f(edges * 2 * d, 'hidden');
  const logits = f(edges, 'logits');
  const logP = f(edges, 'log P_F');
  const logZ = f(tasks, 'log Z');
  const coefficients = f(walks * steps * COEFFICIENT_STRIDE, 'coefficients');
  const losses = f(walks * LOSS_STRIDE, 'losses');
  // Read by other objectives only.
  const noSteps = f(1, 'values of steps');
  const noGroup = f(1, 'group sums');
  const dLogZ = f(tasks, 'd log Z');
  const dLogits = f(edges, 'd logits');
  const dHidden = f(edges * d, 'd hidden');
  const dInputs = f(edges * 2 * d, 'd inputs');
  const dEdges = f(edges * 2 * d, 'd edges');
  const dStates = f(rows * 2 * d, 'd states');
  const dH = f(rows * d, 'd h');
  const dAfter = f(rows * d, 'd after');
  // An invocation of a matrix product makes a block of 8 x 8.
  const blocksOf = (height: number, columns: number) => Math.ceil(height / 8) * Math.ceil(columns / 8);
  /** Rows a partial sum of a weight gradient covers: fewer where the layer alone gives too little to do in parallel. */
  const chunkOf = (count: number, blocks: number) => {
    const chunks = Math.max(Math.ceil(count / GRADIENT_CHUNK), Math.ceil(ENOUGH_BLOCKS / blocks));
    return Math.max(Math.ceil(count / chunks), SMALLEST_CHUNK);
  };
  const rowsOfLayer: Record<LayerName, number> = {
    in: rows,
    up: rows,
    down: rows,
    action: edges,
    state: rows,
    scorer: edges,
    head: edges,
    logZ: tasks,
  };
  const partialOf = (name: LayerName) => {
    const layer = layers[name];
    const blocks = blocksOf(height(layer), layer.columns);
    const chunk = chunkOf(rowsOfLayer[name], blocks);
    const chunks = Math.ceil(rowsOfLayer[name] / chunk);
    return { blocks, chunk, chunks, size: height(layer) * layer.columns };
  };
  const partial = f(Math.max(...LAYERS.map(partialOf).map(({ chunks, size }) => chunks * size)), 'partial sums');

  type RowsIndex = typeof COUNT.slots | typeof COUNT.edges | typeof COUNT.batch;
  interface Strides {
    readonly xStride?: number;
    readonly xOffset?: number;
    readonly yStride?: number;
    readonly accumulate?: 0 | 1;
  }
  const stridesOf = ({ inner, columns }: Layer, { xStride = inner, xOffset = 0, yStride = columns }: Strides) => ({
    inner,
    columns,
    xStride,
    xOffset,
    yStride,
    yOffset: 0,
  });
  const dense = (name: LayerName, rowsIndex: RowsIndex, x: F, y: F, strides: Strides = {}): Command =>
    dispatch(
      matmul,
      blocksOf(rowsOf[rowsIndex], layers[name].columns),
      { counts: plan, x, w: view(parameters, name), y },
      {
        rowsIndex,
        baseIndex: COUNT.zero,
        ...stridesOf(layers[name], strides),
        bias: layers[name].bias ? 1 : 0,
        accumulate: strides.accumulate ?? 0,
      },
    );
  const denseBackward = (name: LayerName, rowsIndex: RowsIndex, dy: F, dx: F, strides: Strides = {}): Command =>
    dispatch(
      matmulTransposed,
      blocksOf(rowsOf[rowsIndex], layers[name].inner),
      { counts: plan, dy, w: view(parameters, name), dx },
      { rowsIndex, ...stridesOf(layers[name], strides), accumulate: strides.accumulate ?? 0 },
    );
  const denseGradient = (name: LayerName, rowsIndex: RowsIndex, x: F, dy: F, strides: Strides = {}): Command[] => {
    const layer = layers[name];
    const { blocks, chunk, chunks, size } = partialOf(name);
    return [
      dispatch(
        matmulGradient,
        chunks * blocks,
        { counts: plan, x, dy, partial },
        { rowsIndex, ...stridesOf(layer, strides), bias: layer.bias ? 1 : 0, chunk },
      ),
      dispatch(sumPartials, size, { counts: plan, partial, y: view(gradients, name) }, { rowsIndex, chunk, size }),
    ];
  };

  const { slots: ROWS, edges: EDGES, batch: BATCH } = COUNT;
  const ofEdges = { edges, actions, width: d };
  const block = { rowsIndex: ROWS, columns: d };
  const forward: Command[] = [
    dense('in', ROWS, data.states, z),
    dense('up', ROWS, z, before),
    dispatch(
      gelu,
      rows * d,
      { counts: plan, x: before, y: after },
      { ...block, baseIndex: COUNT.zero, xStride: d, xOffset: 0 },
    ),
    dispatch(copyRows, rows * d, { counts: plan, x: z, y: h }, { ...block, baseIndex: COUNT.zero }),
    dense('down', ROWS, after, h, { accumulate: 1 }),
    dense('state', ROWS, h, states),
    dense('action', EDGES, data.actions, edgeValues, { yStride: 3 * d }),
    dispatch(denseProduct, edges * d, { h, edges: edgeValues }, ofEdges),
    dense('scorer', EDGES, edgeValues, hidden, { xStride: 3 * d, xOffset: d, yStride: 2 * d }),
    dispatch(denseScore, edges, { edges: edgeValues, states, head: view(parameters, 'head'), hidden, logits }, ofEdges),
    dispatch(denseNormalise, rows, { logits, legal: data.legal, logP }, { rows, actions }),
    dispatch(
      denseWalks,
      walks,
      { chosen: data.chosen, logP, sums: walkSums },
      { walks, edgesPerWalk: steps * actions },
    ),
    dense('logZ', BATCH, data.tasks, logZ),
    dispatch(
      (problem.objective === 'tb' ? tb : ttb).kernel,
      walks,
      { plan, steps: noSteps, sums: walkSums, group: noGroup, logZ, coefficients, losses },
      {
        walksPerTask: trajectories,
        maxSteps: steps,
        huber: NO_HUBER,
        lambda: 0,
        ratioClip: 0,
        entropyBonus: 0,
        klWeight: 0,
        flowBeta: 0,
      },
    ),
    dispatch(taskSums, tasks, { plan, losses, logZ, dLogZ }, { walksPerTask: trajectories }),
    dispatch(denseLoss, 1, { plan, losses, ring }, { walks, capacity: RING }),
  ];
  const backward: Command[] = [
    dispatch(
      denseSpread,
      rows,
      { coefficients, chosen: data.chosen, legal: data.legal, logP, dLogits },
      { rows, actions },
    ),
    ...denseGradient('head', EDGES, hidden, dLogits, { xStride: 2 * d, xOffset: d }),
    dispatch(denseHidden, edges * d, { hidden, head: view(parameters, 'head'), dLogits, dHidden }, { edges, width: d }),
    ...denseGradient('scorer', EDGES, edgeValues, dHidden, { xStride: 3 * d, xOffset: d }),
    denseBackward('scorer', EDGES, dHidden, dInputs),
    dispatch(denseEdges, edges * d, { h, states, dInputs, dLogits, dEdges }, ofEdges),
    ...denseGradient('action', EDGES, data.actions, dEdges),
    dispatch(
      denseStates,
      rows * d,
      { edges: edgeValues, dHidden, dInputs, dLogits, dStates, dH },
      { rows, actions, width: d },
    ),
    ...denseGradient('state', ROWS, h, dStates),
    denseBackward('state', ROWS, dStates, dH, { accumulate: 1 }),
    ...denseGradient('down', ROWS, after, dH),
    denseBackward('down', ROWS, dH, dAfter),
    // `after` is not needed any more: it takes the gradient of `before`.
    dispatch(geluBackward, rows * d, { counts: plan, x: before, dy: dAfter, dx: after }, block),
    ...denseGradient('up', ROWS, z, after),
    denseBackward('up', ROWS, after, dH, { accumulate: 1 }),
    ...denseGradient('in', ROWS, data.states, dH),
    ...denseGradient('logZ', BATCH, data.tasks, dLogZ),
  ];
  const update = dispatch(
    adamw,
    arena.length,
    { schedule, norms, gradient: gradients, parameter: parameters, first, second },
    {
      first: 0,
      length: arena.length,
      group: 0,
      rateIndex: 0,
      correctionIndex: 1,
      scale: 1,
      decay: OPTIMISER.decay,
      clip: NO_HUBER,
    },
  );
  const program = await backend.record('dense step', [...forward, ...backward, update]);

  let taken = 0;
  async function step(): Promise<void> {
    header[COUNT.step] = taken++;
    backend.write(plan, header);
    backend.write(schedule, [OPTIMISER.lr, 1 - OPTIMISER.beta1 ** taken, 1 - OPTIMISER.beta2 ** taken, 0]);
    await backend.run(program);
  }

  return {
    name: 'SkillFlow Lab',
    on: backend.kind,
    about: `${program.dispatches} dispatches recorded`,
    backend,
    program,
    async enter() {},
    async run(count) {
      for (let i = 0; i < count; i++) await step();
      // All of the ring, so that what is waited for does not depend on how many steps there were.
      await backend.read(ring);
    },
    async losses() {
      return Array.from(await backend.read(ring)).slice(0, taken);
    },
    async dispose() {},
  };
}
