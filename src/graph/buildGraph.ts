/**
 * Unfolds a World into its TaskGraph: breadth-first, joining states with equal keys, keeping
 * parallel edges, and renumbering states topologically.
 */
import type { Call } from './call.ts';
import type { TaskGraph } from './taskGraph.ts';
import { ACTION_KINDS } from './taskGraph.ts';
import type { GraphLimits, Outcome, World } from './world.ts';

export const DEFAULT_LIMITS: GraphLimits = { maxStates: 200_000, maxEdges: 2_000_000 };

/** Enumeration met a limit. */
export class GraphTooLarge extends Error {
  override readonly name = 'GraphTooLarge';
  constructor(suite: string, what: 'states' | 'edges', limit: number) {
    super(
      `The task graph of suite "${suite}" has more than ${limit} ${what}. ` +
        `Lower the suite's horizon or size, or raise the limit.`,
    );
  }
}

/** The world broke a promise of its interface. */
export class InvalidWorld extends Error {
  override readonly name = 'InvalidWorld';
  constructor(suite: string, what: string) {
    super(`The world of suite "${suite}" is not valid: ${what}`);
  }
}

class Interner {
  readonly texts: string[] = [];
  private readonly index = new Map<string, number>();
  id(text: string): number {
    let id = this.index.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.index.set(text, id);
    }
    return id;
  }
}

interface Found {
  readonly text: string;
  readonly items: readonly number[];
}

/** Where calls lead that were not carried out. */
const UNEXPLORED: Outcome = { key: '\0unexplored', text: 'not explored yet', items: [], reward: 0, solved: false };

/**
 * Enumerates `world`, as far as it is known.
 * @param suite name used in errors and kept in the graph
 * @param text the task as the Supervisor reads it
 * @throws GraphTooLarge, InvalidWorld
 */
export function buildGraph<State>(
  suite: string,
  text: string,
  world: World<State>,
  limits: GraphLimits = DEFAULT_LIMITS,
): TaskGraph {
  const actionTexts = new Interner();
  const itemTexts = new Interner();
  const found: (Found & { step: number })[] = [];
  const queue: State[] = [];
  const stateIndex = new Map<string, number>();
  const outcomes: (Found & { readonly reward: number; readonly solved: boolean })[] = [];
  const outcomeIndex = new Map<string, number>();
  // Edges in order of discovery; a negative target is the outcome ~target.
  const source: number[] = [];
  const target: number[] = [];
  const action: number[] = [];
  const kind: number[] = [];
  const skill: number[] = [];
  const planTexts: string[] = [];
  const calls = new Map<number, Call>();

  const itemIds = (items: readonly string[]): number[] => {
    const ids = [...new Set(items.map((item) => itemTexts.id(item)))].sort((a, b) => a - b);
    if (ids.length !== items.length) throw new InvalidWorld(suite, `items repeat: ${items.join(' | ')}`);
    return ids;
  };
  const visit = (state: State): number => {
    const key = world.key(state);
    let index = stateIndex.get(key);
    if (index === undefined) {
      index = found.length;
      if (index >= limits.maxStates) throw new GraphTooLarge(suite, 'states', limits.maxStates);
      stateIndex.set(key, index);
      found.push({ text: world.describe(state), items: itemIds(world.items(state)), step: world.stepOf(state) });
      queue.push(state);
    }
    return index;
  };
  const finish = (outcome: Outcome): number => {
    let index = outcomeIndex.get(outcome.key);
    if (index === undefined) {
      if (!(outcome.reward >= 0 && Number.isFinite(outcome.reward))) {
        throw new InvalidWorld(suite, `outcome "${outcome.text}" has reward ${outcome.reward}`);
      }
      index = outcomes.length;
      if (index >= limits.maxStates) throw new GraphTooLarge(suite, 'states', limits.maxStates);
      outcomeIndex.set(outcome.key, index);
      outcomes.push({
        text: outcome.text,
        reward: outcome.reward,
        solved: outcome.solved,
        items: itemIds(outcome.items),
      });
    } else if (outcomes[index].reward !== outcome.reward) {
      throw new InvalidWorld(suite, `outcome "${outcome.key}" was given two rewards`);
    } else if (outcomes[index].solved !== outcome.solved) {
      throw new InvalidWorld(suite, `outcome "${outcome.key}" is solved on one path and unsolved on another`);
    }
    return index;
  };

  visit(world.initial());
  for (let from = 0; from < queue.length; from++) {
    const actions = world.actions(queue[from]);
    if (actions.length === 0) throw new InvalidWorld(suite, `no legal action in state "${found[from].text}"`);
    for (const choice of actions) {
      if (source.length >= limits.maxEdges) throw new GraphTooLarge(suite, 'edges', limits.maxEdges);
      const arrival = world.step(queue[from], choice);
      if ('unknown' in arrival) calls.set(source.length, arrival.unknown);
      source.push(from);
      // The outcome of what is unknown gets its number last of all.
      target.push('state' in arrival ? visit(arrival.state) : 'outcome' in arrival ? ~finish(arrival.outcome) : 0);
      const named = actionTexts.id(choice.text);
      action.push(named);
      planTexts[named] = choice.plan ?? choice.text;
      kind.push(ACTION_KINDS.indexOf(choice.kind));
      skill.push(choice.slot === undefined ? 0 : choice.slot + 1);
    }
  }

  if (calls.size > 0) {
    const unknown = ~finish(UNEXPLORED);
    for (const e of calls.keys()) target[e] = unknown;
  }
  const level = longestPaths(suite, found.length, source, target);
  const order = found.map((_, i) => i).sort((a, b) => level[a] - level[b] || a - b);
  const number = new Uint32Array(found.length);
  for (const [position, state] of order.entries()) number[state] = position;

  const states = found.length;
  const nodes = states + outcomes.length;
  const edges = source.length;
  // Stable by source: within a state, edges keep the order of the world's actions.
  const byNewSource = source.map((_, e) => e).sort((a, b) => number[source[a]] - number[source[b]] || a - b);
  const graph = {
    outStart: new Uint32Array(states + 1),
    source: new Uint32Array(edges),
    target: new Uint32Array(edges),
    action: new Uint32Array(edges),
    kind: new Uint8Array(edges),
    skill: new Uint8Array(edges),
    inStart: new Uint32Array(nodes + 1),
    inEdge: new Uint32Array(edges),
    itemStart: new Uint32Array(nodes + 1),
    step: new Uint32Array(nodes),
    reward: Float64Array.from(outcomes, (o) => o.reward),
    solved: Uint8Array.from(outcomes, (o) => (o.solved ? 1 : 0)),
  };
  const pending = new Map<number, Call>();
  for (const [e, old] of byNewSource.entries()) {
    const call = calls.get(old);
    if (call) pending.set(e, call);
    graph.source[e] = number[source[old]];
    graph.target[e] = target[old] >= 0 ? number[target[old]] : states + ~target[old];
    graph.action[e] = action[old];
    graph.kind[e] = kind[old];
    graph.skill[e] = skill[old];
    graph.outStart[graph.source[e] + 1]++;
    graph.inStart[graph.target[e] + 1]++;
  }
  for (let s = 0; s < states; s++) graph.outStart[s + 1] += graph.outStart[s];
  for (let v = 0; v < nodes; v++) graph.inStart[v + 1] += graph.inStart[v];
  const cursor = graph.inStart.slice(0, nodes);
  for (let e = 0; e < edges; e++) graph.inEdge[cursor[graph.target[e]]++] = e;

  const byNode: Found[] = [...order.map((s) => found[s]), ...outcomes];
  for (const [v, node] of byNode.entries()) graph.itemStart[v + 1] = graph.itemStart[v] + node.items.length;
  for (let s = 0; s < states; s++) graph.step[s] = found[order[s]].step;
  for (let v = states; v < nodes; v++) {
    for (let i = graph.inStart[v]; i < graph.inStart[v + 1]; i++) {
      graph.step[v] = Math.max(graph.step[v], graph.step[graph.source[graph.inEdge[i]]] + 1);
    }
  }
  let horizon = world.horizon ?? 0;
  for (let e = 0; e < edges; e++) if (target[e] < 0) horizon = Math.max(horizon, level[source[e]] + 1);
  return {
    ...graph,
    suite,
    text,
    states,
    outcomes: outcomes.length,
    edges,
    horizon,
    item: Uint32Array.from(byNode.flatMap((node) => node.items)),
    actionText: actionTexts.texts,
    planText: planTexts,
    itemText: itemTexts.texts,
    nodeText: byNode.map((node) => node.text),
    pending,
  };
}

/** Length of the longest path from the root to each state. @throws InvalidWorld on a cycle. */
function longestPaths(suite: string, states: number, source: number[], target: number[]): Uint32Array {
  const level = new Uint32Array(states);
  const waiting = new Uint32Array(states);
  for (const to of target) if (to >= 0) waiting[to]++;
  const out: number[][] = Array.from({ length: states }, () => []);
  for (const [e, from] of source.entries()) if (target[e] >= 0) out[from].push(target[e]);
  const ready: number[] = waiting[0] === 0 ? [0] : [];
  for (let i = 0; i < ready.length; i++) {
    for (const to of out[ready[i]]) {
      level[to] = Math.max(level[to], level[ready[i]] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  if (ready.length !== states) {
    throw new InvalidWorld(suite, 'its states form a cycle; put a step counter into the state');
  }
  return level;
}
