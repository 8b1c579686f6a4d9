/** Facts about balance and backward policies that follow from the equations, on trees of 3 steps and 3 actions. */
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../graph/buildGraph.ts';
import { evaluatePolicy, exactFlows, logPathCounts, logTargets, maxentLogPB, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { randomSource } from '../worlds/random.ts';
import type { TreeSettings } from '../worlds/tree/index.ts';
import { tree, treeWorld } from '../worlds/tree/index.ts';
import { measurePolicy } from './measures.ts';
import { trainTabular } from './tabular.fixture.ts';

const settings = (observation: TreeSettings['observation']): TreeSettings => tree.settings.parse({ observation });
const compile = (observation: TreeSettings['observation'], seed = 0): TaskGraph =>
  tree.task(settings(observation), seed, 'train', 0).compile();
const targetsOf = (graph: TaskGraph): Float64Array => logTargets(graph, tree.beta, tree.eps);
const measure = (graph: TaskGraph, logPF: Float64Array, logZ: number | null = null) =>
  measurePolicy(graph, targetsOf(graph), evaluatePolicy(graph, logPF), logZ);

describe('on a tree the only valid backward policy is 1', () => {
  const graph = compile('reveals');

  test('and uniform and maximum entropy are that one', () => {
    expect(uniformLogPB(graph).every((value) => value === 0)).toBe(true);
    expect(maxentLogPB(graph).every((value) => value === 0)).toBe(true);
  });

  test('with it the exact policy has L1 0 and slope 1', () => {
    const { l1, slope } = measure(graph, exactFlows(graph, targetsOf(graph), uniformLogPB(graph)).logPF);
    expect(l1).toBeLessThan(1e-12);
    expect(slope).toBeCloseTo(1, 12);
  });

  test('and so has a policy trained to zero loss, within 0.02', () => {
    const trained = trainTabular(graph, targetsOf(graph), { backward: 'one' });
    expect(trained.loss).toBeLessThan(1e-6);
    const { l1, slope, logZError } = measure(graph, trained.logPF, trained.logZ);
    expect(l1).toBeLessThan(0.02);
    expect(Math.abs((slope ?? Number.NaN) - 1)).toBeLessThan(0.02);
    expect(logZError).toBeLessThan(0.02);
  });
});

describe('the published form, P_B over all actions of the state before', () => {
  const slopes = (ratio: number): { readonly slope: number; readonly l1: number; readonly loss: number } => {
    const seeds = [0, 1, 2, 3];
    const runs = seeds.map((seed) => {
      const graph = compile('reveals', seed);
      const trained = trainTabular(graph, targetsOf(graph), { backward: 'actions', ratio });
      return { ...measure(graph, trained.logPF), loss: trained.loss };
    });
    const mean = (of: (run: (typeof runs)[number]) => number) => runs.reduce((sum, run) => sum + of(run) / 4, 0);
    return {
      slope: mean(({ slope }) => slope ?? Number.NaN),
      l1: mean(({ l1 }) => l1),
      loss: mean(({ loss }) => loss),
    };
  };

  test('reaches zero loss without being in proportion to reward: the ratio of the rates sets the slope', () => {
    const [slow, equal, fast] = [0.05, 1, 2].map(slopes);
    for (const { loss } of [slow, equal, fast]) expect(loss).toBeLessThan(1e-3);
    expect(slow.slope).toBeGreaterThanOrEqual(0.85);
    expect(equal.slope).toBeLessThanOrEqual(0.7);
    expect(fast.slope).toBeLessThan(equal.slope);
    // Not a matter of too few steps: the target is missed by far more than what is left of the loss.
    expect(equal.l1).toBeGreaterThan(0.3);
  });
});

describe.each(['hides', 'merges'] as const)('where the state holds observations only (%s)', (observation) => {
  const graph = compile(observation);
  const logTarget = targetsOf(graph);

  test('L1 is 0 for the uniform and the maximum-entropy backward policy', () => {
    for (const logPB of [uniformLogPB(graph), maxentLogPB(graph)]) {
      expect(measure(graph, exactFlows(graph, logTarget, logPB).logPF).l1).toBeLessThan(1e-12);
    }
  });

  test.each(['uniform', 'learned'] as const)('L1 is 0 within 0.02 when trained with the %s one', (backward) => {
    const trained = trainTabular(graph, logTarget, { backward });
    expect(trained.loss).toBeLessThan(1e-6);
    const { l1, slope, logZError } = measure(graph, trained.logPF, trained.logZ);
    expect(l1).toBeLessThan(0.02);
    expect(Math.abs((slope ?? Number.NaN) - 1)).toBeLessThan(0.02);
    expect(logZError).toBeLessThan(0.02);
  });

  test('P_B = 1 counts each outcome once per path: pi is in proportion to n(x) R~(x)', () => {
    const trained = trainTabular(graph, logTarget, { backward: 'one' });
    const expected = l1OfCounting(graph);
    expect(expected).toBeGreaterThan(0.3);
    expect(measure(graph, trained.logPF).l1).toBeCloseTo(expected, 2);
    const exact = exactFlows(graph, logTarget, new Float64Array(graph.edges));
    expect(measure(graph, exact.logPF).l1).toBeCloseTo(expected, 9);
  });

  test('which puts L1 at about 0.4: 0.41 where actions are hidden, 0.38 where orders merge, mean over all draws', () => {
    const leaves = graph.nodeText.slice(graph.states).map((text) => text.replace('leaf ', '').replaceAll(' ', ''));
    const pay = graph.solved.reduce((sum, one) => sum + one, 0);
    const draws = subsets(leaves, pay);
    // 2 of 8 leaves pay, or 3 of 10.
    expect(draws).toHaveLength(observation === 'hides' ? 28 : 120);
    const mean = draws.reduce((sum, solved) => {
      const drawn = buildGraph('tree', '', treeWorld(settings(observation), new Set(solved)));
      return sum + l1OfCounting(drawn) / draws.length;
    }, 0);
    expect(Math.abs(mean - (observation === 'hides' ? 0.41 : 0.38))).toBeLessThan(0.02);
  });
});

/** L1 between `n(x) R~(x)` and `R~(x)`, both normalised. */
function l1OfCounting(graph: TaskGraph): number {
  const paths = logPathCounts(graph).slice(graph.states).map(Math.exp);
  const floored = graph.reward.map((reward) => reward + tree.eps);
  const z = floored.reduce((sum, r) => sum + r, 0);
  const counted = floored.reduce((sum, r, x) => sum + r * paths[x], 0);
  return floored.reduce((sum, r, x) => sum + Math.abs((r * paths[x]) / counted - r / z), 0);
}

function subsets<T>(of: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return of.flatMap((first, i) => subsets(of.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

/**
 * An action of K tokens scored by its mean token log-probability, `(1/K) log P`. Zero loss then asks
 * `log F(s) + (1/K_a) log P_a = log F(s_a)`, so `P_a = (F(s_a) / F(s))^K_a`: beta is multiplied by K.
 */
describe('an action scored by its mean token log-probability', () => {
  const K = [2, 5, 10];
  /** One choice among three leaves that all pay 1. */
  const one = buildGraph('tree', '', treeWorld({ ...settings('reveals'), depth: 1 }, new Set(['a', 'b', 'c'])));

  test('has temperature beta K: of equal rewards the one with 2 tokens is taken 6.98 times as often as that with 10', () => {
    // P_a = u^K_a with u = R~ / Z and u^2 + u^5 + u^10 = 1; by bisection:
    let [low, high] = [0, 1];
    for (let i = 0; i < 60; i++) {
      const u = (low + high) / 2;
      if (u ** 2 + u ** 5 + u ** 10 < 1) low = u;
      else high = u;
    }
    expect(low ** -8).toBeCloseTo(6.98, 2);
    const trained = trainTabular(one, targetsOf(one), { backward: 'one', tokens: K });
    expect(trained.loss).toBeLessThan(1e-6);
    for (const [e, k] of K.entries()) expect(Math.abs(Math.exp(trained.logPF[e]) - low ** k)).toBeLessThan(0.001);
  });

  test('has the slope beta K where every action has K tokens', () => {
    const graph = compile('reveals');
    for (const k of K) {
      const tokens = new Uint32Array(graph.edges).fill(k);
      expect(measure(graph, balancedByMeanTokens(graph, tokens)).slope).toBeCloseTo(k, 9);
    }
  });

  test('over three steps tells equal rewards apart about 19-fold: the middle half of random draws lies about it', () => {
    const random = randomSource(4);
    const folds = Array.from({ length: 400 }, (_, seed) => {
      const graph = compile('reveals', seed);
      const tokens = Uint32Array.from({ length: graph.edges }, () => random.pick(K));
      const { logPi } = evaluatePolicy(graph, balancedByMeanTokens(graph, tokens));
      const solved = logPi.filter((_p, x) => graph.solved[x] === 1);
      return Math.exp(Math.max(...solved) - Math.min(...solved));
    }).sort((a, b) => a - b);
    expect(folds[100]).toBeLessThan(19);
    expect(folds[300]).toBeGreaterThan(19);
  });

  test('has none of this with one categorical choice a step, K = 1', () => {
    const graph = compile('reveals');
    const { l1, slope } = measure(graph, balancedByMeanTokens(graph, new Uint32Array(graph.edges).fill(1)));
    expect(l1).toBeLessThan(1e-9);
    expect(slope).toBeCloseTo(1, 9);
  });

  /** `[edges]` the policy of zero loss on a tree: from the leaves up, `sum_a (F(s_a) / F(s))^K_a = 1` by bisection. */
  function balancedByMeanTokens(graph: TaskGraph, tokens: Uint32Array): Float64Array {
    const logF = new Float64Array(graph.states + graph.outcomes);
    logF.set(targetsOf(graph), graph.states);
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
});
