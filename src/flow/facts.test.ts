/** Facts about balance and backward policies that follow from the equations, on trees of 3 steps and 3 actions. */
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../graph/buildGraph.ts';
import { exactFlows, maxentLogPB, uniformLogPB } from '../graph/exact.ts';
import { treeWorld } from '../worlds/tree/index.ts';
import {
  allDraws,
  balancedByMeanTokens,
  compileTree as compile,
  exactFacts,
  foldsByTokens,
  l1OfCounting,
  meanL1OfCounting,
  measureOnTree as measure,
  TOKENS,
  treeTargets as targetsOf,
  treeSettings,
} from './facts.ts';
import { trainTabular } from './tabular.fixture.ts';

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
    // 2 of 8 leaves pay, or 3 of 10.
    expect(allDraws(observation)).toHaveLength(observation === 'hides' ? 28 : 120);
    expect(Math.abs(meanL1OfCounting(observation) - (observation === 'hides' ? 0.41 : 0.38))).toBeLessThan(0.02);
  });
});

/**
 * An action of K tokens scored by its mean token log-probability, `(1/K) log P`. Zero loss then asks
 * `log F(s) + (1/K_a) log P_a = log F(s_a)`, so `P_a = (F(s_a) / F(s))^K_a`: beta is multiplied by K.
 */
describe('an action scored by its mean token log-probability', () => {
  /** One choice among three leaves that all pay 1. */
  const one = buildGraph('tree', '', treeWorld({ ...treeSettings('reveals'), depth: 1 }, new Set(['a', 'b', 'c'])));

  test('has temperature beta K: of equal rewards the one with 2 tokens is taken 6.98 times as often as that with 10', () => {
    // P_a = u^K_a with u = R~ / Z and u^2 + u^5 + u^10 = 1; by bisection:
    let [low, high] = [0, 1];
    for (let i = 0; i < 60; i++) {
      const u = (low + high) / 2;
      if (u ** 2 + u ** 5 + u ** 10 < 1) low = u;
      else high = u;
    }
    expect(low ** -8).toBeCloseTo(6.98, 2);
    const trained = trainTabular(one, targetsOf(one), { backward: 'one', tokens: TOKENS });
    expect(trained.loss).toBeLessThan(1e-6);
    for (const [e, k] of TOKENS.entries()) expect(Math.abs(Math.exp(trained.logPF[e]) - low ** k)).toBeLessThan(0.001);
  });

  test('has the slope beta K where every action has K tokens', () => {
    const graph = compile('reveals');
    for (const k of TOKENS) {
      const tokens = new Uint32Array(graph.edges).fill(k);
      expect(measure(graph, balancedByMeanTokens(graph, tokens)).slope).toBeCloseTo(k, 9);
    }
  });

  test('over three steps tells equal rewards apart about 19-fold: the middle half of random draws lies about it', () => {
    const folds = foldsByTokens();
    expect(folds[100]).toBeLessThan(19);
    expect(folds[300]).toBeGreaterThan(19);
  });

  test('has none of this with one categorical choice a step, K = 1', () => {
    const graph = compile('reveals');
    const { l1, slope } = measure(graph, balancedByMeanTokens(graph, new Uint32Array(graph.edges).fill(1)));
    expect(l1).toBeLessThan(1e-9);
    expect(slope).toBeCloseTo(1, 9);
  });
});

test('the table of facts has each number where the equations put it', () => {
  const facts = exactFacts();
  expect([...new Set(facts.map(({ number }) => number))]).toEqual([1, 3, 4]);
  for (const { quantity, expected, value, middleHalf } of facts) {
    const [about, wanted] = [expected.startsWith('about '), Number(expected.replace('about ', ''))];
    const within = middleHalf ?? (about ? [wanted - 0.02, wanted + 0.02] : [wanted - 1e-9, wanted + 1e-9]);
    expect(middleHalf ? wanted : value, quantity).toBeGreaterThan(within[0]);
    expect(middleHalf ? wanted : value, quantity).toBeLessThan(within[1]);
  }
});
