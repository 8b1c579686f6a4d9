import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryTable, RUNS, tableWorld } from '../graph/arbitraryWorld.fixture.ts';
import { buildGraph } from '../graph/buildGraph.ts';
import { exactFlows, logTargets, normaliseBackward, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { diamond } from '../worlds/diamond/index.ts';
import { randomSource } from '../worlds/random.ts';
import type { BalancedPolicy } from './credit.ts';
import {
  centreCredit,
  edgeCredit,
  exactEdgeCredit,
  exactTrajectoryCredit,
  groupAdvantage,
  outcomeOf,
  trajectoryCredit,
} from './credit.ts';
import { sampleTrajectory } from './sampleTrajectory.ts';
import { allTrajectories } from './tabular.fixture.ts';

const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 21, maxLength: 21 });
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const graph = diamond.task({}, 0, 'train', 0).compile();
const logTarget = logTargets(graph, 1, 0);
const edge = (from: string, to: string): number =>
  [...graph.source.keys()].findIndex(
    (e) => graph.nodeText[graph.source[e]] === from && graph.nodeText[graph.target[e]] === to,
  );
const byRight = [
  edge('nothing read', 'right clue read'),
  edge('right clue read', 'both clues read'),
  edge('both clues read', 'good answer'),
];

describe('flow credit', () => {
  test('adds up to beta log R~ - log Z for any policy, backward policy and log Z, to 1e-9', () => {
    const any = fc.record({
      table: arbitraryTable,
      forward: logits,
      backward: logits,
      logZ: fc.double({ min: -50, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ table, forward, backward, logZ }) => {
        const random = buildGraph('table', 'task', tableWorld(table));
        const target = logTargets(random, 4, 0.1);
        const policy = { logPF: normaliseForward(random, forward), logPB: normaliseBackward(random, backward), logZ };
        for (const trajectory of allTrajectories(random)) {
          const result = trajectoryCredit(random, trajectory, policy, target);
          expect(Math.abs(sum(result.credit) - (target[outcomeOf(random, trajectory)] - logZ))).toBeLessThan(1e-9);
          expect(result.total).toBeCloseTo(target[outcomeOf(random, trajectory)] - logZ, 12);
          expect(result.residualPerStep * trajectory.length).toBeCloseTo(result.delta, 9);
          expect(result.logFlow).toHaveLength(trajectory.length + 1);
          expect(result.logFlow[trajectory.length]).toBeCloseTo(
            target[outcomeOf(random, trajectory)] + result.delta,
            9,
          );
        }
      }),
      RUNS,
    );
  });

  test('at balance has no residual and is the change of the exact log flow', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, (table, backward) => {
        const random = buildGraph('table', 'task', tableWorld(table));
        const target = logTargets(random, 1, 0);
        const logPB = normaliseBackward(random, backward);
        const flows = exactFlows(random, target, logPB);
        for (const trajectory of allTrajectories(random)) {
          const learned = trajectoryCredit(random, trajectory, { ...flows, logPB }, target);
          const exact = exactTrajectoryCredit(random, trajectory, flows);
          expect(Math.abs(learned.delta)).toBeLessThan(1e-9);
          for (const t of trajectory.keys()) {
            expect(learned.credit[t]).toBeCloseTo(exact.credit[t], 9);
            expect(learned.centred[t]).toBeCloseTo(exact.centred[t], 9);
            expect(learned.logFlow[t]).toBeCloseTo(flows.logF[random.source[trajectory[t]]], 9);
          }
        }
      }),
      RUNS,
    );
  });

  test('on the diamond is worked out by hand: flows 3, 1, 2, 2 by the right clue', () => {
    const logPB = uniformLogPB(graph);
    const flows = exactFlows(graph, logTarget, logPB);
    const { credit, logFlow, total } = trajectoryCredit(graph, byRight, { ...flows, logPB }, logTarget);
    const expected = [Math.log(1 / 3), Math.log(2), 0];
    for (const [t, value] of expected.entries()) expect(credit[t]).toBeCloseTo(value, 12);
    for (const [t, flow] of [3, 1, 2, 2].entries()) expect(Math.exp(logFlow[t])).toBeCloseTo(flow, 12);
    expect(total).toBeCloseTo(Math.log(2 / 3), 12);
    // In the start the policy goes left with 2/3 (log 2/3) and right with 1/3 (log 1/3).
    const mean = (2 / 3) * Math.log(2 / 3) + (1 / 3) * Math.log(1 / 3);
    expect(exactTrajectoryCredit(graph, byRight, flows).centred[0]).toBeCloseTo(Math.log(1 / 3) - mean, 12);
    expect(exactTrajectoryCredit(graph, byRight, flows).centred[1]).toBeCloseTo(0, 12);
  });

  test('spreads the residual evenly where log Z is wrong', () => {
    const logPB = uniformLogPB(graph);
    const { logPF, logZ } = exactFlows(graph, logTarget, logPB);
    const right = trajectoryCredit(graph, byRight, { logPF, logPB, logZ }, logTarget);
    const wrong = trajectoryCredit(graph, byRight, { logPF, logPB, logZ: logZ + 0.3 }, logTarget);
    expect(wrong.delta).toBeCloseTo(0.3, 12);
    for (const t of byRight.keys()) expect(wrong.credit[t]).toBeCloseTo(right.credit[t] - 0.1, 12);
  });
});

describe('centred credit', () => {
  const anyPolicy = (of: TaskGraph, forward: number[], backward: number[]): BalancedPolicy => ({
    logPF: normaliseForward(of, forward),
    logPB: normaliseBackward(of, backward),
    logZ: 0,
  });

  test('is zero on average in every state', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, logits, (table, forward, backward) => {
        const random = buildGraph('table', 'task', tableWorld(table));
        const policy = anyPolicy(random, forward, backward);
        const centred = centreCredit(random, policy.logPF, edgeCredit(policy));
        const mean = new Float64Array(random.states);
        for (const [e, value] of centred.entries()) mean[random.source[e]] += Math.exp(policy.logPF[e]) * value;
        for (const value of mean) expect(Math.abs(value)).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  test('of a step is that of its edge, less the residual of the step', () => {
    fc.assert(
      fc.property(arbitraryTable, logits, logits, (table, forward, backward) => {
        const random = buildGraph('table', 'task', tableWorld(table));
        const policy = anyPolicy(random, forward, backward);
        const ofEdge = centreCredit(random, policy.logPF, edgeCredit(policy));
        for (const trajectory of allTrajectories(random)) {
          const { centred, residualPerStep } = trajectoryCredit(random, trajectory, policy, logTargets(random, 1, 0));
          for (const [t, e] of trajectory.entries()) expect(centred[t]).toBeCloseTo(ofEdge[e] - residualPerStep, 9);
        }
      }),
      RUNS,
    );
  });

  test('does not judge a choice among equals: k equal plans cost log k and are worth 0', () => {
    const equals = buildGraph(
      'table',
      'task',
      tableWorld({ moves: [[1, 2, 3], [~0], [~1], [~2]], rewards: [1, 1, 1] }),
    );
    const flows = exactFlows(equals, logTargets(equals, 1, 0), uniformLogPB(equals));
    const credit = exactEdgeCredit(equals, flows);
    const centred = centreCredit(equals, flows.logPF, credit);
    for (let e = 0; e < 3; e++) {
      expect(credit[e]).toBeCloseTo(-Math.log(3), 12);
      expect(centred[e]).toBeCloseTo(0, 12);
    }
  });

  test('of what can be reached is finite even where the backward policy starves an edge', () => {
    // All of the flow of "both" comes from the left: the right clue has flow 0 and is never read first.
    const logPB = uniformLogPB(graph);
    logPB[edge('left clue read', 'both clues read')] = 0;
    logPB[edge('right clue read', 'both clues read')] = -Infinity;
    const flows = exactFlows(graph, logTarget, logPB);
    const centred = centreCredit(graph, flows.logPF, exactEdgeCredit(graph, flows));
    expect(centred[edge('nothing read', 'left clue read')]).toBeCloseTo(0, 12);
    expect(centred[edge('nothing read', 'right clue read')]).toBe(-Infinity);
  });
});

describe('sampling a trajectory', () => {
  const flows = exactFlows(graph, logTarget, uniformLogPB(graph));

  test('walks from the root to an outcome', () => {
    const random = randomSource(1);
    for (let i = 0; i < 100; i++) {
      const trajectory = sampleTrajectory(graph, flows.logPF, random);
      expect(graph.source[trajectory[0]]).toBe(0);
      for (let t = 1; t < trajectory.length; t++)
        expect(graph.source[trajectory[t]]).toBe(graph.target[trajectory[t - 1]]);
      expect(outcomeOf(graph, trajectory)).toBeGreaterThanOrEqual(0);
    }
  });

  test('is the same for the same key and independent of other keys', () => {
    const draw = (key: number): string => {
      const random = randomSource(key);
      return Array.from({ length: 20 }, () => sampleTrajectory(graph, flows.logPF, random).join()).join(' ');
    };
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });

  test.each([0, 0.2, 1])('takes edges as often as the policy mixed with a share %d of uniform', (uniform) => {
    const random = randomSource(3);
    const samples = 4000;
    let left = 0;
    for (let i = 0; i < samples; i++) {
      if (sampleTrajectory(graph, flows.logPF, random, uniform)[0] === edge('nothing read', 'left clue read')) left++;
    }
    const p = (1 - uniform) * (2 / 3) + uniform / 2;
    // Four standard deviations of a binomial.
    expect(Math.abs(left / samples - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / samples));
  });

  test('never takes an edge of probability 0, whatever rounding leaves over', () => {
    const last = {
      next: () => 1 - 2 ** -53,
      int: () => 0,
      shuffle: <T>(xs: readonly T[]) => [...xs],
      pick: <T>(xs: readonly T[]) => xs[0],
    };
    const three = buildGraph('table', 'task', tableWorld({ moves: [[~0, ~1, ~2]], rewards: [1, 1, 1] }));
    const logPF = Float64Array.from([Math.log(0.3), Math.log(0.7 - 1e-12), -Infinity]);
    expect(sampleTrajectory(three, logPF, last)).toEqual([1]);
    expect(() => sampleTrajectory(three, logPF.fill(-Infinity), last)).toThrow(/no edge leaving "state 0"/);
  });
});

describe('the advantage of group-normalised policy gradients', () => {
  test('is (R - mean) / std', () => {
    // Mean 0.5, standard deviation 0.5.
    expect(Array.from(groupAdvantage([0, 1, 1, 0]) ?? [])).toEqual([-1, 1, 1, -1]);
  });

  test('does not exist where all rewards are equal', () => {
    expect(groupAdvantage([0.5, 0.5])).toBeNull();
    expect(groupAdvantage([])).toBeNull();
  });
});
