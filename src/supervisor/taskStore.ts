/**
 * Task graphs of a run, concatenated into a few static arrays that a device can bind.
 *
 * Nodes and edges get global numbers (task after task). Texts are numbered within a task: actions
 * `0 .. actions-1`; tokens `0 .. tokens-1` with the items of states first, then the task's words,
 * then the whole task text. A text's vector is stored once, however many tasks use it.
 */
import type { Encoder, TextFeatures } from '../encoder/encoder.ts';
import { likeness } from '../encoder/textFeatures.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { inDegree, nodeCount } from '../graph/taskGraph.ts';
import { taskTokens } from './taskTokens.ts';

/** One task as it enters the store. */
export interface StoredTask {
  readonly graph: TaskGraph;
  /** `[outcomes]` beta log R~ */
  readonly logTarget: Float64Array;
  /** `[edges]` log P_B where the backward policy is not learned, else null. */
  readonly fixedLogPB: Float64Array | null;
}

/** Kinds of action and a pad: what stands beside an edge is its kind, and so many times its skill. */
export const KINDS = 4;

/** Numbers per task in `graph`: see TASK. */
export const TASK_STRIDE = 8;
/** Fields of a task's record. */
export const TASK = { firstTaskToken: 0, tokens: 1, cosines: 2, actions: 3, root: 4 } as const;

export interface TaskRange {
  readonly graph: TaskGraph;
  readonly firstNode: number;
  readonly firstEdge: number;
  /** First of the task's rows in the inverse indices, and how many it has. */
  readonly firstAction: number;
  readonly actions: number;
  readonly firstToken: number;
  readonly tokens: number;
  readonly firstTaskToken: number;
  /** Vector numbers of its actions and tokens; the last token is the whole text. */
  readonly actionVector: Uint32Array;
  readonly tokenVector: Uint32Array;
}

export interface TaskStore {
  readonly tasks: readonly TaskRange[];
  readonly nodes: number;
  readonly edges: number;
  /** Largest number of tokens that an edge attends to; largest number of edges that leave a state. */
  readonly maxTokens: number;
  readonly maxDegree: number;
  readonly horizon: number;
  readonly graph: Uint32Array;
  readonly facts: Float32Array;
  /** `[texts, dimensions]` */
  readonly vectors: Float32Array;
  readonly offsets: StoreOffsets;
}

/** Where each static array begins: the first group in `graph`, the second in `facts`. */
export interface StoreOffsets {
  readonly outStart: number;
  readonly inStart: number;
  readonly inEdge: number;
  readonly inRank: number;
  readonly edgeSource: number;
  readonly edgeTarget: number;
  readonly edgeAction: number;
  readonly edgeKind: number;
  readonly itemStart: number;
  readonly itemList: number;
  readonly nodeTask: number;
  /** 1 where a node is an outcome. */
  readonly isOutcome: number;
  readonly taskInfo: number;
  readonly actionInverseStart: number;
  readonly actionInverse: number;
  readonly tokenInverseStart: number;
  readonly tokenInverseNode: number;
  readonly tokenInversePosition: number;
  readonly features: number;
  readonly stepFeature: number;
  readonly fixedLogPB: number;
  readonly logTarget: number;
  readonly reward: number;
  readonly solved: number;
}

/** What an edge's action matches, known with the graph: cos to the task, to the nearest item, to the nearest item that matters. */
export const FEATURES = 3;

/** Builds the store at once. Shapes follow TaskStore; cosines are those of the frozen encoder. */
export function buildTaskStore(tasks: readonly StoredTask[], encoder: Encoder): TaskStore {
  const slices = taskStoreInSlices(tasks, encoder);
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}

/** The same in slices of one task, so that whoever builds it can do other things in between. */
export function* taskStoreInSlices(tasks: readonly StoredTask[], encoder: Encoder): Generator<void, TaskStore> {
  const vectors = new VectorTable(encoder);
  const ranges: TaskRange[] = [];
  let nodes = 0;
  let edges = 0;
  let actions = 0;
  let tokens = 0;
  let items = 0;
  let cosines = 0;
  for (const { graph } of tasks) {
    yield;
    const tokenTexts = [...graph.itemText, ...taskTokens(graph.text)];
    ranges.push({
      graph,
      firstNode: nodes,
      firstEdge: edges,
      firstAction: actions,
      actions: graph.actionText.length,
      firstToken: tokens,
      tokens: tokenTexts.length,
      firstTaskToken: graph.itemText.length,
      actionVector: Uint32Array.from(graph.actionText, (text) => vectors.id(text)),
      tokenVector: Uint32Array.from(tokenTexts, (text) => vectors.id(text)),
    });
    nodes += nodeCount(graph);
    edges += graph.edges;
    actions += graph.actionText.length;
    tokens += tokenTexts.length;
    items += graph.item.length;
    cosines += graph.actionText.length * tokenTexts.length;
  }

  const u = new Sections();
  const graphOffsets = {
    outStart: u.add(nodes + 1),
    inStart: u.add(nodes + 1),
    inEdge: u.add(edges),
    inRank: u.add(edges),
    edgeSource: u.add(edges),
    edgeTarget: u.add(edges),
    edgeAction: u.add(edges),
    edgeKind: u.add(edges),
    itemStart: u.add(nodes + 1),
    itemList: u.add(items),
    nodeTask: u.add(nodes),
    isOutcome: u.add(nodes),
    taskInfo: u.add(tasks.length * TASK_STRIDE),
    actionInverseStart: u.add(actions + 1),
    actionInverse: u.add(edges),
    tokenInverseStart: u.add(tokens + 1),
    tokenInverseNode: u.add(items),
    tokenInversePosition: u.add(items),
  };
  const f = new Sections();
  f.add(cosines); // at 0, so that a task's own offset is absolute
  const factOffsets = {
    features: f.add(edges * FEATURES),
    stepFeature: f.add(nodes),
    fixedLogPB: f.add(edges),
    logTarget: f.add(nodes),
    reward: f.add(nodes),
    solved: f.add(nodes),
  };
  const offsets: StoreOffsets = { ...graphOffsets, ...factOffsets };
  const g = new Uint32Array(u.length);
  const facts = new Float32Array(f.length);

  let maxTokens = 1;
  let maxDegree = 1;
  let horizon = 1;
  let cosinesAt = 0;
  for (const [q, range] of ranges.entries()) {
    yield;
    const { graph, firstNode, firstEdge, firstToken, firstAction, firstTaskToken } = range;
    const taskTokenCount = range.tokens - firstTaskToken;
    horizon = Math.max(horizon, graph.horizon);
    g.set([firstTaskToken, range.tokens, cosinesAt, range.actions, firstNode], offsets.taskInfo + q * TASK_STRIDE);
    const firstItem = g[offsets.itemStart + firstNode];
    const count = nodeCount(graph);
    for (let v = 0; v < count; v++) {
      const node = firstNode + v;
      g[offsets.nodeTask + node] = q;
      g[offsets.isOutcome + node] = v < graph.states ? 0 : 1;
      g[offsets.outStart + node + 1] = firstEdge + (v < graph.states ? graph.outStart[v + 1] : graph.edges);
      g[offsets.inStart + node + 1] = firstEdge + graph.inStart[v + 1];
      g[offsets.itemStart + node + 1] = firstItem + graph.itemStart[v + 1];
      facts[offsets.stepFeature + node] = graph.step[v] / Math.max(graph.horizon, 1);
      for (let i = graph.inStart[v], rank = 0; i < graph.inStart[v + 1]; i++, rank++) {
        g[offsets.inEdge + firstEdge + i] = firstEdge + graph.inEdge[i];
        g[offsets.inRank + firstEdge + graph.inEdge[i]] = rank;
      }
      if (v < graph.states) {
        maxDegree = Math.max(maxDegree, graph.outStart[v + 1] - graph.outStart[v]);
        maxTokens = Math.max(maxTokens, graph.itemStart[v + 1] - graph.itemStart[v] + taskTokenCount);
      } else {
        const x = v - graph.states;
        facts[offsets.logTarget + node] = tasks[q].logTarget[x];
        facts[offsets.reward + node] = graph.reward[x];
        facts[offsets.solved + node] = graph.solved[x];
      }
    }
    g.set(graph.item, offsets.itemList + firstItem);
    const fixed = tasks[q].fixedLogPB;
    for (let e = 0; e < graph.edges; e++) {
      const edge = firstEdge + e;
      g[offsets.edgeSource + edge] = firstNode + graph.source[e];
      g[offsets.edgeTarget + edge] = firstNode + graph.target[e];
      g[offsets.edgeAction + edge] = graph.action[e];
      g[offsets.edgeKind + edge] = graph.kind[e] + KINDS * graph.skill[e];
      facts[offsets.fixedLogPB + edge] = fixed ? fixed[e] : -Math.log(inDegree(graph, graph.target[e]));
    }
    vectors.cosines(range, facts.subarray(cosinesAt));
    edgeFeatures(range, facts.subarray(cosinesAt), vectors, facts.subarray(offsets.features + firstEdge * FEATURES));
    invert(
      graph.action,
      range.actions,
      (e) => firstEdge + e,
      g.subarray(offsets.actionInverseStart + firstAction),
      [g.subarray(offsets.actionInverse)],
      firstEdge,
    );
    const nodeOfItem = new Uint32Array(graph.item.length);
    for (let v = 0; v < count; v++) nodeOfItem.fill(v, graph.itemStart[v], graph.itemStart[v + 1]);
    invert(
      graph.item,
      range.tokens,
      (i) => firstNode + nodeOfItem[i],
      g.subarray(offsets.tokenInverseStart + firstToken),
      [g.subarray(offsets.tokenInverseNode), g.subarray(offsets.tokenInversePosition)],
      firstItem,
      (i) => i - graph.itemStart[nodeOfItem[i]],
    );
    cosinesAt += range.actions * range.tokens;
  }
  return {
    tasks: ranges,
    nodes,
    edges,
    maxTokens,
    maxDegree,
    horizon,
    graph: g,
    facts,
    vectors: vectors.values(),
    offsets,
  };
}

/** Every text that a store of these graphs holds a vector of, each once, in the order in which they are met. */
export function textsOf(graphs: Iterable<TaskGraph>): string[] {
  const texts = new Set<string>();
  for (const graph of graphs) {
    for (const text of [...graph.actionText, ...graph.itemText, ...taskTokens(graph.text)]) texts.add(text);
  }
  return [...texts];
}

/** Hands out ranges one after the other. */
class Sections {
  length = 0;
  add(count: number): number {
    const first = this.length;
    this.length += count;
    return first;
  }
}

/** Distinct texts, their vectors, and what their cosines are taken of. */
class VectorTable {
  private readonly ids = new Map<string, number>();
  private readonly rows: Float32Array[] = [];
  private readonly features: TextFeatures[] = [];
  constructor(private readonly encoder: Encoder) {}

  id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.rows.length;
      this.ids.set(text, id);
      this.rows.push(this.encoder.encode(text));
      if (this.encoder.features) this.features.push(this.encoder.features(text));
    }
    return id;
  }

  /** The cosine of two texts, as the encoder has it. */
  cosine(a: number, b: number): number {
    if (this.encoder.features) return likeness(this.features[a], this.features[b]);
    const x = this.rows[a];
    const y = this.rows[b];
    let sum = 0;
    for (let i = 0; i < x.length; i++) if (x[i] !== 0) sum += x[i] * y[i];
    return sum;
  }

  /** `out[a * tokens + t]` = cos(action a, token t). */
  cosines(range: TaskRange, out: Float32Array): void {
    for (let a = 0; a < range.actions; a++) {
      for (let t = 0; t < range.tokens; t++) {
        out[a * range.tokens + t] = this.cosine(range.actionVector[a], range.tokenVector[t]);
      }
    }
  }

  values(): Float32Array {
    const all = new Float32Array(this.rows.length * this.encoder.dimensions);
    for (const [i, row] of this.rows.entries()) all.set(row, i * this.encoder.dimensions);
    return all;
  }
}

/** `[edges, FEATURES]`: cos(a, task), max_i cos(a, item i), max_i cos(a, item i) max(0, cos(item i, task)). */
function edgeFeatures(range: TaskRange, cosines: Float32Array, vectors: VectorTable, out: Float32Array): void {
  const { graph, tokens, tokenVector } = range;
  const whole = tokens - 1;
  const relevance = Float64Array.from({ length: range.firstTaskToken }, (_, i) =>
    Math.max(0, vectors.cosine(tokenVector[i], tokenVector[whole])),
  );
  for (let e = 0; e < graph.edges; e++) {
    const row = graph.action[e] * tokens;
    const s = graph.source[e];
    let nearest = 0;
    let relevant = 0;
    for (let i = graph.itemStart[s]; i < graph.itemStart[s + 1]; i++) {
      const cos = cosines[row + graph.item[i]];
      nearest = i === graph.itemStart[s] ? cos : Math.max(nearest, cos);
      relevant = Math.max(relevant, cos * relevance[graph.item[i]]);
    }
    out[e * FEATURES] = cosines[row + whole];
    out[e * FEATURES + 1] = nearest;
    out[e * FEATURES + 2] = relevant;
  }
}

/**
 * A stable inverse index: for each key, the entries that have it, in rising order.
 * `starts[k]` and `starts[k + 1]` bound key `k` in the outputs, counted from their own beginning.
 */
function invert(
  keys: Uint32Array,
  keyCount: number,
  first: (entry: number) => number,
  starts: Uint32Array,
  outputs: readonly Uint32Array[],
  base: number,
  second?: (entry: number) => number,
): void {
  const count = new Uint32Array(keyCount + 1);
  for (const key of keys) count[key + 1]++;
  for (let k = 0; k < keyCount; k++) count[k + 1] += count[k];
  for (let k = 0; k <= keyCount; k++) starts[k] = base + count[k];
  for (const [entry, key] of keys.entries()) {
    const at = base + count[key]++;
    outputs[0][at] = first(entry);
    if (second) outputs[1][at] = second(entry);
  }
}
