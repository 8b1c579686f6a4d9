import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryTable, RUNS, tableWorld } from '../graph/arbitraryWorld.fixture.ts';
import { buildGraph } from '../graph/buildGraph.ts';
import { evaluatePolicy, exactFlows, logTargets, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import type { Measures } from './measures.ts';
import { meanMeasures, measurePolicy, passAtK } from './measures.ts';

/** One choice among outcomes with these rewards (solved from 1 up), taken with these probabilities. */
function choice(rewards: number[], pi: number[], logZ: number | null = null): Measures {
  const graph = buildGraph('table', 'task', tableWorld({ moves: [rewards.map((_, x) => ~x)], rewards }));
  const evaluation = evaluatePolicy(graph, Float64Array.from(pi, Math.log));
  return measurePolicy(graph, logTargets(graph, 1, 0), evaluation, logZ);
}

describe('measures of a policy', () => {
  test('worked out by hand: rewards 1, 1, 2 and probabilities 1/2, 1/4, 1/4', () => {
    // p* = 1/4, 1/4, 1/2; everything is solved.
    const measures = choice([1, 1, 2], [0.5, 0.25, 0.25], Math.log(5));
    expect(measures.l1).toBeCloseTo(0.5, 12);
    // Mixture 3/8, 1/4, 3/8. Each divergence: 1/2 ln(4/3) + 1/4 ln(2/3).
    expect(measures.jsd).toBeCloseTo(0.5 * Math.log(4 / 3) + 0.25 * Math.log(2 / 3), 12);
    expect(measures.logZError).toBeCloseTo(Math.log(5 / 4), 12);
    // Mean log pi is -1.5 ln 2 at log R~ = 0 and -2 ln 2 at ln 2: slope -0.5.
    expect(measures.slope).toBeCloseTo(-0.5, 12);
    expect(measures.entropy).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(measures.entropyOfTarget).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(measures.success).toBeCloseTo(1, 12);
    expect(measures.targetSuccess).toBeCloseTo(1, 12);
    expect(measures.collapse).toBeCloseTo(1 - Math.exp(1.5 * Math.LN2) / 3, 12);
  });

  test('count as modes the solved outcomes that hold at least half of their target share', () => {
    // p* = .1, .3, .3, .3; solved are the last three, of which pi holds one in full, one just above half, one below.
    const measures = choice([0.5, 1.5, 1.5, 1.5], [0.45, 0.3, 0.16, 0.09]);
    expect(measures.modes).toBe(2);
    expect(measures.modesOfTarget).toBe(3);
    expect(measures.success).toBeCloseTo(0.55, 12);
    expect(measures.targetSuccess).toBeCloseTo(0.9, 12);
  });

  test('call a policy collapsed that finds one of many solutions, and not one that spreads over all', () => {
    expect(choice([0.5, 1, 1, 1], [0.5, 0.5, 0, 0]).collapse).toBeCloseTo(2 / 3, 12);
    expect(choice([0.5, 1, 1, 1], [0.4, 0.2, 0.2, 0.2]).collapse).toBeCloseTo(0, 12);
  });

  test('are null where they are 0/0: no slope of a constant reward or of pi = 0, no collapse of nothing solved', () => {
    expect(choice([1, 1], [0.5, 0.5]).slope).toBeNull();
    expect(choice([1, 2], [1, 0]).slope).toBeNull();
    expect(choice([0.5, 1], [1, 0]).collapse).toBeNull();
    expect(choice([0.5, 0.6], [0.5, 0.5]).collapse).toBeNull();
    expect(choice([1, 2], [0.5, 0.5]).logZError).toBeNull();
  });

  test('of policies that share no outcome with the target are at their bounds: L1 near 2, JSD near ln 2', () => {
    const measures = choice([1e-12, 1], [1, 0]);
    expect(measures.l1).toBeCloseTo(2, 9);
    expect(measures.jsd).toBeCloseTo(Math.LN2, 9);
  });

  test('of the exact policy are 0, 0 and 1, and of any policy within their bounds', () => {
    const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 21, maxLength: 21 });
    fc.assert(
      fc.property(arbitraryTable, logits, (table, raw) => {
        const graph = buildGraph('table', 'task', tableWorld(table));
        const logTarget = logTargets(graph, 2, 0.1);
        const flows = exactFlows(graph, logTarget, uniformLogPB(graph));
        const exact = measurePolicy(graph, logTarget, evaluatePolicy(graph, flows.logPF), flows.logZ);
        expect(exact.l1).toBeLessThan(1e-9);
        expect(Math.abs(exact.jsd)).toBeLessThan(1e-9);
        expect(exact.logZError).toBeLessThan(1e-9);
        if (exact.slope !== null && Math.max(...logTarget) - Math.min(...logTarget) > 1e-3) {
          expect(exact.slope).toBeCloseTo(1, 6);
        }
        expect(exact.modes).toBe(exact.modesOfTarget);
        expect(exact.success).toBeCloseTo(exact.targetSuccess, 9);
        expect(exact.entropy).toBeCloseTo(exact.entropyOfTarget, 9);
        const other = measurePolicy(graph, logTarget, evaluatePolicy(graph, normaliseForward(graph, raw)), null);
        expect(other.l1).toBeLessThanOrEqual(2);
        expect(other.jsd).toBeLessThanOrEqual(Math.LN2 + 1e-12);
        // Pinsker's inequality for both halves of the divergence: JSD >= L1^2 / 8.
        expect(other.jsd).toBeGreaterThanOrEqual(other.l1 ** 2 / 8 - 1e-12);
      }),
      RUNS,
    );
  });
});

describe('the mean over tasks', () => {
  test('leaves out the tasks that do not have a measure', () => {
    const sloped = choice([1, 2], [1 / 3, 2 / 3]);
    const constant = choice([1, 1], [0.5, 0.5]);
    const mean = meanMeasures([sloped, constant]);
    expect(mean.slope).toBeCloseTo(1, 12);
    expect(mean.logZError).toBeNull();
    expect(mean.modes).toBe(2);
    expect(mean.entropy).toBeCloseTo((sloped.entropy + Math.LN2) / 2, 12);
  });

  test('of no task does not exist', () => {
    expect(() => meanMeasures([])).toThrow(RangeError);
  });
});

describe('pass@k', () => {
  test('is 1 - C(n - c, k) / C(n, k)', () => {
    expect(passAtK(10, 3, 1)).toBeCloseTo(0.3, 12);
    // C(7, 2) / C(10, 2) = 21 / 45
    expect(passAtK(10, 3, 2)).toBeCloseTo(1 - 21 / 45, 12);
    expect(passAtK(10, 0, 5)).toBe(0);
    expect(passAtK(10, 3, 8)).toBe(1);
  });

  test('is without bias: its mean over samples of n is the chance that one of k succeeds', () => {
    const [n, k, p] = [6, 3, 0.3];
    let [mean, choose] = [0, 1];
    for (let c = 0; c <= n; c++) {
      mean += choose * p ** c * (1 - p) ** (n - c) * passAtK(n, c, k);
      choose *= (n - c) / (c + 1);
    }
    expect(mean).toBeCloseTo(1 - (1 - p) ** k, 12);
  });

  test.each([
    [3, 1, 4],
    [3, 4, 1],
    [3, -1, 1],
    [3, 1, 0],
    [3, 0.5, 1],
  ])('of %d samples, %d solved, k = %d is refused', (samples, solved, k) => {
    expect(() => passAtK(samples, solved, k)).toThrow(RangeError);
  });
});
