/** What every suite of worded, enumerable tasks promises, as tests. Only test files import this. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exactFlows,
  logPathCounts,
  logSumExp,
  logTargets,
  maxentLogPB,
  targetDistribution,
  uniformLogPB,
} from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS, inDegree, isTree, nodeCount } from '../graph/taskGraph.ts';
import type { Composite, Split } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import type { Suite } from './suite.ts';

/** Probability under `p*` that an outcome is solved. */
export function targetSuccess(graph: TaskGraph, beta: number, eps: number): number {
  const { logP } = targetDistribution(logTargets(graph, beta, eps));
  return logP.reduce((sum, value, x) => sum + (graph.solved[x] === 1 ? Math.exp(value) : 0), 0);
}

/** Skills with names by number, in the places 0, 1, ... */
export function skillsOf(...plans: (readonly string[])[]): Composite[] {
  return plans.map((plan, slot) => ({ slot, name: `skill-${slot}`, plan, allows: [] }));
}

/**
 * The share of the first tasks of the training and the held-out split that can be solved, and the largest of their graphs.
 * @param tasks how many of each split
 */
export function attainable<Settings>(
  suite: Suite<Settings>,
  settings: Settings,
  skills: readonly Composite[],
  tasks = 32,
): { readonly success: number; readonly states: number; readonly edges: number } {
  const graphs = (['train', 'heldOut'] as const).flatMap((split) =>
    Array.from({ length: tasks }, (_, index) => suite.task(settings, 0, split, index).compile({ skills })),
  );
  return {
    success: graphs.filter(({ solved }) => solved.includes(1)).length / graphs.length,
    states: Math.max(...graphs.map(({ states }) => states)),
    edges: Math.max(...graphs.map(({ edges }) => edges)),
  };
}

/**
 * @param tasks how many tasks of each split are looked at
 * @param maxStates what a task with default settings may need at most
 */
export function describeSuite<Settings>(suite: Suite<Settings>, tasks: number, maxStates: number): void {
  const settings = suite.settings.parse({});
  const sample = SPLITS.flatMap((split) =>
    Array.from({ length: tasks }, (_, index) => suite.task(settings, 0, split, index)),
  );
  const graphs = sample.map((task) => task.compile());
  const anyTask = fc.record({
    seed: fc.integer({ min: 0, max: 0xffffffff }),
    split: fc.constantFrom(...SPLITS),
    index: fc.nat({ max: 200 }),
  });
  const compile = (key: { seed: number; split: Split; index: number }): TaskGraph =>
    suite.task(settings, key.seed, key.split, key.index).compile();

  describe(`the suite ${suite.name}`, () => {
    test('gives the same task for the same arguments', () => {
      fc.assert(
        fc.property(anyTask, (key) => {
          expect(compile(key)).toEqual(compile(key));
        }),
        { numRuns: 10 },
      );
    });

    test('has no task in two splits', () => {
      const texts = SPLITS.map((split) =>
        Array.from({ length: 200 }, (_, index) => suite.task(settings, 3, split, index).text),
      );
      expect(new Set(texts[0]).size).toBeGreaterThan(100);
      for (const [i, j] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ]) {
        expect(texts[i].filter((text) => texts[j].includes(text))).toEqual([]);
      }
    });

    test('makes other splits from another seed', () => {
      const texts = (seed: number) => Array.from({ length: 20 }, (_, i) => suite.task(settings, seed, 'train', i).text);
      expect(texts(0)).not.toEqual(texts(1));
    });

    test('declares a beta at which the target itself succeeds on nine walks of ten or more, in every task', () => {
      for (const graph of graphs) expect(targetSuccess(graph, suite.beta, suite.eps)).toBeGreaterThanOrEqual(0.9);
    });

    test('has the same log Z by flows, for two backward policies, as by summing over outcomes', () => {
      for (const graph of graphs.slice(0, 2 * tasks)) {
        const logTarget = logTargets(graph, suite.beta, suite.eps);
        const direct = logSumExp(graph.outcomes, (x) => suite.beta * Math.log(graph.reward[x] + suite.eps));
        for (const logPB of [uniformLogPB(graph), maxentLogPB(graph)]) {
          expect(Math.abs(exactFlows(graph, logTarget, logPB).logZ - direct)).toBeLessThan(1e-9);
        }
      }
    });

    test('solves every task by several walks, to outcomes that each can be entered in several ways', () => {
      for (const graph of graphs) {
        expect(isTree(graph)).toBe(false);
        const logN = logPathCounts(graph);
        const solved = [...graph.solved.keys()].filter((x) => graph.solved[x] === 1).map((x) => graph.states + x);
        expect(logSumExp(solved.length, (i) => logN[solved[i]])).toBeGreaterThanOrEqual(Math.log(2));
        expect(Math.max(...solved.map((node) => inDegree(graph, node)))).toBeGreaterThan(1);
      }
    });

    test('joins two orders of the same actions into one state, in every task', () => {
      for (const graph of graphs) expect(joinsTwoOrders(graph)).toBe(true);
    });

    test('keeps to the agreed form for any seed, split and index', () => {
      fc.assert(
        fc.property(anyTask, (key) => {
          const graph = compile(key);
          expect(graph.states).toBeLessThanOrEqual(maxStates);
          expect(new Set(graph.solved)).toEqual(new Set([0, 1]));
          for (let x = 0; x < graph.outcomes; x++) {
            if (graph.solved[x] === 1) expect(graph.reward[x]).toBe(1);
            else expect(graph.reward[x]).toBeLessThanOrEqual(0.4);
          }
          for (let e = 0; e < graph.edges; e++) {
            const finishes = graph.target[e] >= graph.states;
            expect(ACTION_KINDS[graph.kind[e]]).toBe(finishes ? 'accept' : 'act');
            if (!finishes) expect(graph.step[graph.target[e]]).toBe(graph.step[graph.source[e]] + 1);
          }
          expect(everyStateFinishes(graph)).toBe(true);
        }),
        { numRuns: 15 },
      );
    });
  });
}

/** Whether some state is entered by a, then b and by b, then a. */
function joinsTwoOrders(graph: TaskGraph): boolean {
  const seen = new Set<string>();
  for (let first = 0; first < graph.edges; first++) {
    const middle = graph.target[first];
    if (middle >= graph.states) continue;
    for (let second = graph.outStart[middle]; second < graph.outStart[middle + 1]; second++) {
      const [a, b] = [graph.action[first], graph.action[second]];
      const ends = `${graph.source[first]} ${graph.target[second]}`;
      if (a !== b && seen.has(`${ends} ${b} ${a}`)) return true;
      seen.add(`${ends} ${a} ${b}`);
    }
  }
  return false;
}

function everyStateFinishes(graph: TaskGraph): boolean {
  const finishes = new Uint8Array(nodeCount(graph)).fill(1, graph.states);
  for (let e = graph.edges - 1; e >= 0; e--) if (finishes[graph.target[e]] === 1) finishes[graph.source[e]] = 1;
  return finishes.every((value) => value === 1);
}
