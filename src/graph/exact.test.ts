import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Path, TableWorld } from './arbitraryWorld.fixture.ts';
import { allPaths, arbitraryTable, RUNS, tableWorld } from './arbitraryWorld.fixture.ts';
import { buildGraph } from './buildGraph.ts';
import {
  evaluatePolicy,
  exactAdvantage,
  exactFlows,
  logPathCounts,
  logSumExp,
  logTargets,
  maxentLogPB,
  NonPositiveReward,
  normaliseBackward,
  normaliseForward,
  targetDistribution,
  uniformLogPB,
} from './exact.ts';
import type { TaskGraph } from './taskGraph.ts';

const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 21, maxLength: 21 });

/** A graph with every path of it, as edges and as nodes passed through (the outcome included). */
interface Enumerated {
  readonly graph: TaskGraph;
  readonly paths: readonly { readonly edges: number[]; readonly nodes: number[]; readonly outcome: number }[];
}

function enumerate(table: TableWorld): Enumerated {
  const graph = buildGraph('table', 'task', tableWorld(table));
  const node = (text: string): number => graph.nodeText.indexOf(text);
  const trace = (path: Path) => {
    const states = path.states.map((state) => node(`state ${state}`));
    const outcome = node(`outcome ${path.outcome}`);
    return {
      edges: states.map((state, t) => graph.outStart[state] + path.moves[t]),
      nodes: [...states, outcome],
      outcome: outcome - graph.states,
    };
  };
  return { graph, paths: allPaths(table).map(trace) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const along = (edges: readonly number[], logP: Float64Array): number => Math.exp(sum(edges.map((e) => logP[e])));

describe('log sum exp', () => {
  test('of nothing is minus infinity, of one value that value, and it does not overflow', () => {
    expect(logSumExp(0, () => 1)).toBe(-Infinity);
    expect(logSumExp(1, () => 0.1)).toBe(0.1);
    expect(logSumExp(2, () => 1000)).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp(2, (i) => (i === 0 ? -Infinity : 3))).toBe(3);
  });
});

describe('targets', () => {
  test('are beta log (R + eps), and refuse a reward without a logarithm by suite and eps', () => {
    const graph = buildGraph('table', 'task', tableWorld({ moves: [[~0, ~1]], rewards: [0, 1] }));
    const target = logTargets(graph, 2, 0.1);
    expect(target[0]).toBeCloseTo(2 * Math.log(0.1), 12);
    expect(target[1]).toBeCloseTo(2 * Math.log(1.1), 12);
    expect(() => logTargets(graph, 1, 0)).toThrow(NonPositiveReward);
    expect(() => logTargets(graph, 1, 0)).toThrow(/"table".*eps = 0/);
  });
});

describe('dynamic programming agrees with walking every path', () => {
  test('on path counts, and maximum entropy makes every path to an outcome equally likely', () => {
    fc.assert(
      fc.property(arbitraryTable, (table) => {
        const { graph, paths } = enumerate(table);
        const logN = logPathCounts(graph);
        const logPB = maxentLogPB(graph);
        for (const path of paths) {
          const count = paths.filter((other) => other.outcome === path.outcome).length;
          expect(Math.exp(logN[graph.states + path.outcome])).toBeCloseTo(count, 9);
          expect(along(path.edges, logPB)).toBeCloseTo(1 / count, 9);
        }
      }),
      RUNS,
    );
  });

  test('on what a forward policy does: reach, outcomes, values, success, entropy, length', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, (table, raw) => {
        const { graph, paths } = enumerate(table);
        const logPF = normaliseForward(graph, raw);
        const result = evaluatePolicy(graph, logPF);
        const p = paths.map((path) => along(path.edges, logPF));
        expect(sum(p)).toBeCloseTo(1, 9);
        for (const [node, logReach] of result.logReach.entries()) {
          const through = paths.flatMap((path, i) => (path.nodes.includes(node) ? [i] : []));
          const reach = sum(through.map((i) => p[i]));
          expect(Math.exp(logReach)).toBeCloseTo(reach, 9);
          const value = sum(through.map((i) => p[i] * graph.reward[paths[i].outcome]));
          if (reach > 1e-6) expect(result.value[node]).toBeCloseTo(value / reach, 6);
        }
        const pi = Array.from(graph.reward, (_, x) => sum(p.filter((_p, i) => paths[i].outcome === x)));
        for (const [x, logPi] of result.logPi.entries()) expect(Math.exp(logPi)).toBeCloseTo(pi[x], 9);
        expect(result.success).toBeCloseTo(sum(pi.filter((_, x) => graph.solved[x] === 1)), 9);
        expect(result.entropy).toBeCloseTo(sum(pi.map((q) => (q > 0 ? -q * Math.log(q) : 0))), 9);
        expect(result.meanLength).toBeCloseTo(sum(paths.map((path, i) => p[i] * path.edges.length)), 9);
        const advantage = exactAdvantage(graph, result.value);
        for (let s = 0; s < graph.states; s++) {
          const edges = [...graph.source.keys()].filter((e) => graph.source[e] === s);
          expect(sum(edges.map((e) => Math.exp(logPF[e]) * advantage[e]))).toBeCloseTo(0, 9);
        }
      }),
      RUNS,
    );
  });

  test('on the flow through every node, for any backward policy', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, (table, raw) => {
        const { graph, paths } = enumerate(table);
        const logTarget = logTargets(graph, 1, 0);
        const logPB = normaliseBackward(graph, raw);
        const flows = exactFlows(graph, logTarget, logPB);
        const flow = paths.map((path) => graph.reward[path.outcome] * along(path.edges, logPB));
        for (const [node, logF] of flows.logF.entries()) {
          const brute = sum(flow.filter((_, i) => paths[i].nodes.includes(node)));
          expect(Math.exp(logF)).toBeCloseTo(brute, 9);
        }
        for (const [e, logF] of flows.logFEdge.entries()) {
          const brute = sum(flow.filter((_, i) => paths[i].edges.includes(e)));
          expect(Math.exp(logF)).toBeCloseTo(brute, 9);
        }
      }),
      RUNS,
    );
  });
});

describe('for every valid backward policy', () => {
  const beta = fc.double({ min: 0.1, max: 8, noNaN: true });
  const backward = (graph: TaskGraph, raw: readonly number[]): Float64Array[] => [
    uniformLogPB(graph),
    maxentLogPB(graph),
    normaliseBackward(graph, raw),
  ];

  test('log Z by flows is log sum R~^beta, to 1e-9', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, beta, (table, raw, b) => {
        const { graph } = enumerate(table);
        const logTarget = logTargets(graph, b, 0.1);
        const direct = Math.log(sum(Array.from(graph.reward, (reward) => (reward + 0.1) ** b)));
        for (const logPB of backward(graph, raw)) {
          expect(Math.abs(exactFlows(graph, logTarget, logPB).logZ - direct)).toBeLessThan(1e-9);
        }
      }),
      RUNS,
    );
  });

  test('the optimal forward policy is normalised and brings about exactly the target', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, beta, (table, raw, b) => {
        const { graph } = enumerate(table);
        const logTarget = logTargets(graph, b, 0.1);
        const { logP } = targetDistribution(logTarget);
        for (const logPB of backward(graph, raw)) {
          const { logPF } = exactFlows(graph, logTarget, logPB);
          const renormalised = normaliseForward(graph, logPF);
          for (const [e, value] of logPF.entries()) expect(value).toBeCloseTo(renormalised[e], 9);
          const { logPi } = evaluatePolicy(graph, logPF);
          for (const [x, value] of logPi.entries()) expect(value).toBeCloseTo(logP[x], 9);
        }
      }),
      RUNS,
    );
  });

  test('backward probabilities of the edges entering a node add up to 1', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, (table, raw) => {
        const { graph } = enumerate(table);
        for (const logPB of backward(graph, raw)) {
          const total = new Float64Array(graph.states + graph.outcomes);
          for (const [e, value] of logPB.entries()) total[graph.target[e]] += Math.exp(value);
          for (const value of total.slice(1)) expect(value).toBeCloseTo(1, 12);
        }
      }),
      RUNS,
    );
  });
});

describe('a backward policy that gives an edge nothing', () => {
  test('starves the state behind it, whose policy is uniform, and leaves no NaN', () => {
    // 0 -> 1 or 2, both -> 3 -> outcome 0; all backward flow goes to state 1.
    const graph = buildGraph('table', 'task', tableWorld({ moves: [[1, 2], [3], [3], [~0]], rewards: [2] }));
    const logPB = Float64Array.from([0, 0, 0, -Infinity, 0]);
    const flows = exactFlows(graph, logTargets(graph, 1, 0), logPB);
    expect(flows.logZ).toBeCloseTo(Math.LN2, 12);
    expect(flows.logF[2]).toBe(-Infinity);
    expect(Array.from(flows.logPF, Math.exp)).toEqual([1, 0, 1, 1, 1]);
    const result = evaluatePolicy(graph, flows.logPF);
    expect(result.value[0]).toBe(2);
    expect(result.logReach[2]).toBe(-Infinity);
    expect(result.entropy).toBe(0);
  });
});
