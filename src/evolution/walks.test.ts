import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BalancedPolicy } from '../flow/credit.ts';
import { allTrajectories } from '../flow/tabular.fixture.ts';
import type { TableWorld } from '../graph/arbitraryWorld.fixture.ts';
import { arbitraryTable, RUNS } from '../graph/arbitraryWorld.fixture.ts';
import { exactFlows, logTargets, normaliseBackward, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { randomSource } from '../worlds/random.ts';
import { tableGraph, withSlots } from './walk.fixture.ts';
import type { WalkedTask } from './walks.ts';
import { creditWalk, situationsOf, walksOf } from './walks.ts';

const walked = (graph: TaskGraph, beta = 1): WalkedTask => ({
  suite: 'table',
  split: 'train',
  task: 3,
  text: 'a table',
  graph,
  logTarget: logTargets(graph, beta, 0),
});

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** A table with any policy, balanced or not. */
const anyPolicy = arbitraryTable.chain((table: TableWorld) => {
  const graph = tableGraph(table);
  const logits = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
    minLength: graph.edges,
    maxLength: graph.edges,
  });
  return fc.record({
    graph: fc.constant(graph),
    policy: fc.tuple(logits, logits, fc.double({ min: -3, max: 3, noNaN: true })).map(
      ([forward, backward, logZ]): BalancedPolicy => ({
        logZ,
        logPF: normaliseForward(graph, forward),
        logPB: normaliseBackward(graph, backward),
      }),
    ),
  });
});

describe('a walk with its credits', () => {
  test('adds up to beta log R~ - log Z, and its flows run along, whatever the policy', () => {
    fc.assert(
      fc.property(anyPolicy, ({ graph, policy }) => {
        const task = walked(graph, 2);
        for (const trajectory of allTrajectories(graph).slice(0, 20)) {
          const walk = creditWalk(task, trajectory, policy);
          const total = task.logTarget[graph.target[trajectory[trajectory.length - 1]] - graph.states] - policy.logZ;
          expect(sumOf(walk.steps.map(({ credit }) => credit))).toBeCloseTo(total, 9);
          expect(walk.steps.at(-1)?.logFlow).toBeCloseTo(total, 9);
          for (const [t, { credit, logFlow }] of walk.steps.entries()) {
            expect(logFlow - (t === 0 ? 0 : walk.steps[t - 1].logFlow)).toBeCloseTo(credit, 9);
          }
        }
      }),
      RUNS,
    );
  });

  test('at balance has the flow of the state that a step leads to', () => {
    fc.assert(
      fc.property(arbitraryTable, (table) => {
        const graph = tableGraph(table);
        const task = walked(graph);
        const logPB = uniformLogPB(graph);
        const { logZ, logPF, logF } = exactFlows(graph, task.logTarget, logPB);
        for (const trajectory of allTrajectories(graph).slice(0, 20)) {
          const { steps } = creditWalk(task, trajectory, { logZ, logPF, logPB });
          for (const { edge, logFlow } of steps) expect(logFlow).toBeCloseTo(logF[graph.target[edge]] - logZ, 9);
        }
      }),
      RUNS,
    );
  });

  test('says of each step where it left, what it did and what was allowed there', () => {
    const graph = withSlots(
      tableGraph({
        moves: [
          [1, 1],
          [~0, ~1],
        ],
        rewards: [0.5, 1],
      }),
      [[1, 4]],
    );
    const policy: BalancedPolicy = {
      logZ: 0,
      logPF: Float64Array.of(Math.log(0.25), Math.log(0.75), Math.log(0.5), Math.log(0.5)),
      logPB: Float64Array.of(Math.log(0.5), Math.log(0.5), 0, 0),
    };
    const walk = creditWalk(walked(graph), [1, 3], policy);
    expect(walk).toMatchObject({ outcome: 'outcome 1', reward: 1, solved: true });
    // Residual: log 0.75 + log 0.5 - log 0.5 - log 1, over two steps.
    const residual = Math.log(0.75) / 2;
    const edgeCredits = [Math.log(1.5), Math.log(0.5)];
    // The mean credit at state 0 is 0.25 log 0.5 + 0.75 log 1.5, at state 1 log 0.5.
    const means = [0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), Math.log(0.5)];
    const near = (value: number): number => expect.closeTo(value, 12);
    expect(walk.steps).toEqual([
      {
        edge: 1,
        source: 0,
        action: 'move 1',
        said: 'move 1',
        kind: 'skill',
        slot: 4,
        situation: 'move',
        credit: near(edgeCredits[0] - residual),
        centred: near(edgeCredits[0] - residual - means[0]),
        logFlow: near(edgeCredits[0] - residual),
      },
      {
        edge: 3,
        source: 1,
        action: 'move 1',
        said: 'move 1',
        kind: 'act',
        slot: null,
        situation: 'move',
        credit: near(edgeCredits[1] - residual),
        centred: near(-residual),
        logFlow: near(0),
      },
    ]);
    expect(creditWalk(walked(graph), [1, 2], policy)).toMatchObject({
      outcome: 'outcome 0',
      reward: 0.5,
      solved: false,
    });
  });
});

describe('walks of a policy', () => {
  const graph = tableGraph({
    moves: [
      [1, ~0],
      [~1, ~2],
    ],
    rewards: [1, 1, 1],
  });
  const policy: BalancedPolicy = {
    logZ: 0,
    logPF: normaliseForward(graph, [Math.log(3), 0, Math.log(4), 0]),
    logPB: uniformLogPB(graph),
  };

  test('are as many as are asked for, drawn by it and by the seed', () => {
    const task = walked(graph);
    const walks = walksOf(task, policy, 2000, randomSource(5));
    expect(walks).toHaveLength(2000);
    expect(walks.every((walk) => walk.task === task)).toBe(true);
    // 3/4 * 4/5, 3/4 * 1/5 and 1/4; five standard errors are 0.055 at most.
    const share = (edges: string) =>
      walks.filter(({ steps }) => steps.map(({ edge }) => edge).join() === edges).length / walks.length;
    expect(Math.abs(share('0,2') - 0.6)).toBeLessThan(0.055);
    expect(Math.abs(share('0,3') - 0.15)).toBeLessThan(0.055);
    expect(Math.abs(share('1') - 0.25)).toBeLessThan(0.055);
    const edges = (seed: number) => walksOf(task, policy, 40, randomSource(seed)).map(({ steps }) => steps.length);
    expect(edges(1)).toEqual(edges(1));
    expect(edges(1)).not.toEqual(edges(2));
  });
});

describe('a situation', () => {
  test('is the kinds of act that a state allows, in order, skills and answers left out', () => {
    const graph = tableGraph({ moves: [[1, 1, 1, 1, ~0], [~0]], rewards: [1] });
    const texts = ['take mug', 'go home', 'take pan', 'open: go in', 'go away', 'finish'];
    const named: TaskGraph = { ...graph, action: Uint32Array.from(texts.keys()), actionText: texts, planText: texts };
    const kinds = withSlots(named, [[3, 0]]);
    const accept = kinds.kind.map((kind, e) => (e === 5 ? 2 : kind));
    expect(situationsOf({ ...kinds, kind: accept })).toEqual(['go, take', 'nothing but to finish']);
  });
});
