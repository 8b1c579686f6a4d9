/**
 * The plan: the one u32 arena that says what a step works on. Which tasks, which walks, which
 * states were visited (slots), which edges leave them, which nodes were entered (targets) and by
 * which edges. The host writes the header and the row lists; kernels write the rest.
 */
import { ALIGNMENT, aligned } from '../gpu/backend.ts';
import type { TaskStore } from './taskStore.ts';

/** Indices into the header, `plan[0 .. 63]`; also the tensor that dynamic dispatches count by. */
export const COUNT = {
  zero: 0,
  slots: 1,
  edges: 2,
  newSlots: 3,
  newEdges: 4,
  slotBase: 5,
  edgeBase: 6,
  targets: 7,
  entering: 8,
  batch: 9,
  actionRows: 10,
  tokenRows: 11,
  walks: 12,
  step: 13,
  seed: 14,
  overflow: 16,
  firstNode: 17,
} as const;
export const HEADER = ALIGNMENT;

/** "No edge", "no node": a walk that is over. */
export const NONE = 0xffffffff;

/** Numbers per slot and per target, and their fields. */
export const RECORD_STRIDE = 10;
export const RECORD = {
  node: 0,
  /** first of its edges among the active ones (leaving for a slot, entering for a target), and how many */
  start: 1,
  degree: 2,
  /** its items: where in the store's graph array, and how many */
  items: 3,
  itemCount: 4,
  /** the task's first token row, and its place in the batch */
  tokenRow: 5,
  batch: 6,
  /** local number of the task's first task token; number of tokens to attend to */
  firstTaskToken: 7,
  tokens: 8,
} as const;

/** Numbers per active leaving edge: slot, action row, where its cosines begin, edge, kind (and skill: see KINDS). */
export const EDGE_STRIDE = 5;
/** Numbers per active entering edge: target, action row, edge, parent node. */
export const ENTERING_STRIDE = 4;
/** Numbers per action row: vector, row in the inverse index. */
export const ACTION_ROW_STRIDE = 2;
/** Numbers per token row: vector, row in the inverse index, place in the batch, task token + 1 or 0. */
export const TOKEN_ROW_STRIDE = 4;
/** Numbers per task of the store: place in the batch, first action row, first token row. */
export const BATCH_OF_STRIDE = 4;

export interface Capacities {
  readonly batch: number;
  readonly walks: number;
  readonly maxSteps: number;
  readonly slots: number;
  readonly edges: number;
  readonly targets: number;
  readonly entering: number;
  readonly actionRows: number;
  readonly tokenRows: number;
}

/**
 * Upper bounds that a step cannot exceed: what is visited is at most what the walks can visit, and at
 * most what the largest tasks of a batch hold.
 */
export function capacities(store: TaskStore, batch: number, walks: number): Capacities {
  const top = (measure: (q: number) => number, n: number) =>
    store.tasks
      .map((_, q) => measure(q))
      .sort((a, b) => b - a)
      .slice(0, n)
      .reduce((sum, value) => sum + value, 0);
  const graphOf = (q: number) => store.tasks[q].graph;
  const edges = top((q) => graphOf(q).edges, batch);
  const visits = walks * store.horizon;
  const slots = Math.min(
    visits,
    top((q) => graphOf(q).states, batch),
  );
  return {
    batch,
    walks,
    maxSteps: store.horizon,
    // At least one whole state must fit, so that exact evaluation can go in chunks.
    slots,
    edges: Math.max(Math.min(slots * store.maxDegree, edges), store.maxDegree),
    targets: Math.min(
      visits,
      top((q) => graphOf(q).states + graphOf(q).outcomes, batch),
    ),
    entering: edges,
    actionRows: top((q) => store.tasks[q].actions, batch),
    tokenRows: top((q) => store.tasks[q].tokens, batch),
  };
}

/** Where each section of the plan begins. */
export interface PlanOffsets {
  readonly batchTask: number;
  readonly batchOf: number;
  readonly actionRows: number;
  readonly tokenRows: number;
  readonly walkNode: number;
  readonly walkSlot: number;
  readonly walkLength: number;
  /** `[walks, maxSteps]` edge taken, its place among active leaving and active entering edges */
  readonly walkEdge: number;
  readonly walkPosition: number;
  readonly walkEntering: number;
  readonly slotRecords: number;
  readonly edgeRecords: number;
  readonly targetRecords: number;
  readonly enteringRecords: number;
  readonly length: number;
}

export function layoutPlan(store: TaskStore, caps: Capacities): PlanOffsets {
  let length = HEADER;
  const section = (count: number) => {
    const first = length;
    length += aligned(Math.max(count, 1));
    return first;
  };
  const visits = caps.walks * caps.maxSteps;
  const offsets = {
    batchTask: section(caps.batch * 2),
    batchOf: section(store.tasks.length * BATCH_OF_STRIDE),
    actionRows: section(caps.actionRows * ACTION_ROW_STRIDE),
    tokenRows: section(caps.tokenRows * TOKEN_ROW_STRIDE),
    walkNode: section(caps.walks),
    walkSlot: section(caps.walks),
    walkLength: section(caps.walks),
    walkEdge: section(visits),
    walkPosition: section(visits),
    walkEntering: section(visits),
    slotRecords: section(caps.slots * RECORD_STRIDE),
    edgeRecords: section(caps.edges * EDGE_STRIDE),
    targetRecords: section(caps.targets * RECORD_STRIDE),
    enteringRecords: section(caps.entering * ENTERING_STRIDE),
  };
  return { ...offsets, length };
}

/**
 * The part of the plan that the host writes for a batch of tasks, `plan[0 .. walkNode - 1]`.
 * @param into reused between steps, `[offsets.walkNode]`
 */
export function writePlan(
  store: TaskStore,
  offsets: PlanOffsets,
  tasks: readonly number[],
  header: Partial<Readonly<Record<keyof typeof COUNT, number>>>,
  into: Uint32Array,
): void {
  into.fill(0, 0, HEADER);
  let actionRow = 0;
  let tokenRow = 0;
  for (const [b, q] of tasks.entries()) {
    const task = store.tasks[q];
    into[offsets.batchTask + b * 2] = q;
    into[offsets.batchTask + b * 2 + 1] = task.tokenVector[task.tokens - 1];
    into.set([b, actionRow, tokenRow], offsets.batchOf + q * BATCH_OF_STRIDE);
    for (let a = 0; a < task.actions; a++) {
      const at = offsets.actionRows + (actionRow + a) * ACTION_ROW_STRIDE;
      into[at] = task.actionVector[a];
      into[at + 1] = task.firstAction + a;
    }
    for (let t = 0; t < task.tokens; t++) {
      const at = offsets.tokenRows + (tokenRow + t) * TOKEN_ROW_STRIDE;
      into[at] = task.tokenVector[t];
      into[at + 1] = task.firstToken + t;
      into[at + 2] = b;
      into[at + 3] = Math.max(0, t + 1 - task.firstTaskToken);
    }
    actionRow += task.actions;
    tokenRow += task.tokens;
  }
  into[COUNT.batch] = tasks.length;
  into[COUNT.actionRows] = actionRow;
  into[COUNT.tokenRows] = tokenRow;
  for (const [name, value] of Object.entries(header)) into[COUNT[name as keyof typeof COUNT]] = value;
}
