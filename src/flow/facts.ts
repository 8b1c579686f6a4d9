/**
 * Facts about balance and backward policies that follow from the equations, found by exact calculation on trees of 3
 * steps and 3 actions with `R~` in {0.1, 1.1}. Nothing is trained here; facts.test.ts trains tables to the same ends.
 */
import { buildGraph } from '../graph/buildGraph.ts';
import { evaluatePolicy, exactFlows, logPathCounts, logTargets, maxentLogPB, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { randomSource } from '../worlds/random.ts';
import type { TreeSettings } from '../worlds/tree/index.ts';
import { tree, treeWorld } from '../worlds/tree/index.ts';
import type { Measures } from './measures.ts';
import { measurePolicy } from './measures.ts';

type Observation = TreeSettings['observation'];

/** Tokens of an action, where actions are scored by their tokens. */
export const TOKENS: readonly number[] = [2, 5, 10];
/** Random trees with random token counts, for what is a matter of the draw. */
const DRAWS = 400;

export interface Fact {
  /** as docs/method.md numbers them */
  readonly number: 1 | 3 | 4;
  readonly quantity: string;
  /** what the equations say; "about" where it depends on the draw */
  readonly expected: string;
  readonly value: number;
  /** of the draws, where `value` is their median: what is expected lies in it */
  readonly middleHalf?: readonly [number, number];
}

/** Each fact as a number beside what it should be. */
export function exactFacts(): readonly Fact[] {
  const slopeOf = (graph: TaskGraph, logPF: Float64Array) => measureOnTree(graph, logPF).slope ?? Number.NaN;
  const l1With = (graph: TaskGraph, logPB: Float64Array) => measureOnTree(graph, balanced(graph, logPB)).l1;
  const folds = foldsByTokens();
  const reveals = compileTree('reveals');
  const onTree = balanced(reveals, uniformLogPB(reveals));
  const forgetting = (['hides', 'merges'] as const).flatMap((observation): Fact[] => {
    const graph = compileTree(observation);
    const where = { hides: 'actions are hidden', merges: 'orders merge' }[observation];
    const mean = { hides: '0.41', merges: '0.38' }[observation];
    return [
      { number: 3, quantity: `L1, uniform P_B, ${where}`, expected: '0', value: l1With(graph, uniformLogPB(graph)) },
      {
        number: 3,
        quantity: `L1, maximum-entropy P_B, ${where}`,
        expected: '0',
        value: l1With(graph, maxentLogPB(graph)),
      },
      {
        number: 3,
        quantity: `L1, P_B = 1, ${where}, mean over all draws`,
        expected: `about ${mean}`,
        value: meanL1OfCounting(observation),
      },
    ];
  });
  return [
    { number: 1, quantity: 'L1 on a tree, P_B = 1', expected: '0', value: measureOnTree(reveals, onTree).l1 },
    { number: 1, quantity: 'slope on a tree, P_B = 1', expected: '1', value: slopeOf(reveals, onTree) },
    ...forgetting,
    ...[1, ...TOKENS].map((k): Fact => {
      const logPF = balancedByMeanTokens(reveals, new Uint32Array(reveals.edges).fill(k));
      return {
        number: 4,
        quantity: `slope, actions of ${k} ${k === 1 ? 'token' : 'tokens'}`,
        expected: String(k),
        value: slopeOf(reveals, logPF),
      };
    }),
    {
      number: 4,
      quantity: `largest ratio of the probabilities of equal rewards, ${TOKENS.join(', ')} tokens at random, median of ${DRAWS} draws`,
      expected: 'about 19',
      value: folds[DRAWS / 2],
      middleHalf: [folds[DRAWS / 4], folds[(3 * DRAWS) / 4]],
    },
  ];
}

export function treeSettings(observation: Observation): TreeSettings {
  return tree.settings.parse({ observation });
}

export function compileTree(observation: Observation, seed = 0): TaskGraph {
  return tree.task(treeSettings(observation), seed, 'train', 0).compile();
}

/** `[outcomes]` beta log R~ at the suite's defaults. */
export function treeTargets(graph: TaskGraph): Float64Array {
  return logTargets(graph, tree.beta, tree.eps);
}

export function measureOnTree(graph: TaskGraph, logPF: Float64Array, logZ: number | null = null): Measures {
  return measurePolicy(graph, treeTargets(graph), evaluatePolicy(graph, logPF), logZ);
}

const balanced = (graph: TaskGraph, logPB: Float64Array): Float64Array =>
  exactFlows(graph, treeTargets(graph), logPB).logPF;

/** L1 between `n(x) R~(x)` and `R~(x)`, both normalised: what `P_B = 1` on every edge makes of it. */
export function l1OfCounting(graph: TaskGraph): number {
  const paths = logPathCounts(graph).slice(graph.states).map(Math.exp);
  const floored = graph.reward.map((reward) => reward + tree.eps);
  const z = floored.reduce((sum, r) => sum + r, 0);
  const counted = floored.reduce((sum, r, x) => sum + r * paths[x], 0);
  return floored.reduce((sum, r, x) => sum + Math.abs((r * paths[x]) / counted - r / z), 0);
}

/** Every tree with as many paying leaves as the suite draws. */
export function allDraws(observation: Observation): readonly TaskGraph[] {
  const graph = compileTree(observation);
  const leaves = graph.nodeText.slice(graph.states).map((text) => text.replace('leaf ', '').replaceAll(' ', ''));
  const pay = graph.solved.reduce((sum, one) => sum + one, 0);
  return subsets(leaves, pay).map((solved) =>
    buildGraph('tree', '', treeWorld(treeSettings(observation), new Set(solved))),
  );
}

/** The mean of `l1OfCounting` over all draws. */
export function meanL1OfCounting(observation: Observation): number {
  const draws = allDraws(observation);
  return draws.reduce((sum, drawn) => sum + l1OfCounting(drawn) / draws.length, 0);
}

function subsets<T>(of: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return of.flatMap((first, i) => subsets(of.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

/**
 * `[edges]` the policy of zero loss on a tree where an action of K tokens is scored by its mean token log-probability,
 * `(1/K) log P`. Balance then asks `log F(s) + (1/K_a) log P_a = log F(s_a)`, so `P_a = (F(s_a) / F(s))^K_a`: beta is
 * multiplied by K. From the leaves up, `sum_a (F(s_a) / F(s))^K_a = 1` by bisection.
 * @param tokens `[edges]`
 */
export function balancedByMeanTokens(graph: TaskGraph, tokens: Uint32Array): Float64Array {
  const logF = new Float64Array(graph.states + graph.outcomes);
  logF.set(treeTargets(graph), graph.states);
  const logPF = new Float64Array(graph.edges);
  for (let s = graph.states - 1; s >= 0; s--) {
    const edges = Array.from({ length: graph.outStart[s + 1] - graph.outStart[s] }, (_, i) => graph.outStart[s] + i);
    const total = (at: number): number =>
      edges.reduce((sum, e) => sum + Math.exp(tokens[e] * (logF[graph.target[e]] - at)), 0);
    let low = Math.max(...edges.map((e) => logF[graph.target[e]]));
    let high = low + Math.log(edges.length);
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (total(middle) > 1) low = middle;
      else high = middle;
    }
    logF[s] = high;
    for (const e of edges) logPF[e] = tokens[e] * (logF[graph.target[e]] - high);
  }
  return logPF;
}

/** `[DRAWS]` in order: how many times likelier the likeliest paying leaf is than the least likely, tokens at random. */
export function foldsByTokens(): readonly number[] {
  const random = randomSource(4);
  return Array.from({ length: DRAWS }, (_, seed) => {
    const graph = compileTree('reveals', seed);
    const tokens = Uint32Array.from({ length: graph.edges }, () => random.pick(TOKENS));
    const { logPi } = evaluatePolicy(graph, balancedByMeanTokens(graph, tokens));
    const solved = logPi.filter((_p, x) => graph.solved[x] === 1);
    return Math.exp(Math.max(...solved) - Math.min(...solved));
  }).sort((a, b) => a - b);
}
