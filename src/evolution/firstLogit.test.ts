import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allTrajectories } from '../flow/tabular.fixture.ts';
import { arbitraryTable, RUNS } from '../graph/arbitraryWorld.fixture.ts';
import { normaliseForward } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import { logitShortfall } from './firstLogit.ts';
import { tableGraph, withSlots } from './walk.fixture.ts';

const { log } = Math;
const logs = (...values: number[]) => Float64Array.from(values, (value) => log(value));

describe('what a new skill’s logit falls short by', () => {
  // State 0: an act to 1, an old skill (slot 4) to 1, the new one (slot 2) to 2, an answer.
  // State 1: two acts and the new skill. State 2: an act alone.
  const table = tableGraph({ moves: [[1, 1, 2, ~0], [2, 2, ~1], [~1]], rewards: [1, 2] });
  const base = withSlots(table, [
    [1, 4],
    [2, 2],
    [6, 2],
  ]);
  const graph: TaskGraph = {
    ...base,
    kind: base.kind.map((kind, e) => (e === 3 ? ACTION_KINDS.indexOf('accept') : kind)),
  };
  const logPF = logs(0.4, 0.2, 0.1, 0.3, 0.5, 0.25, 0.25, 1);

  test('is, by how often a state is passed without it, the gap to the old skills, or to the acts where there are none', () => {
    const { sum, weight } = logitShortfall(graph, logPF, 2, [2]);
    // State 0, always passed: the old skill has 0.2, the new one 0.1. State 1: without the new skill 0.6 of 0.9 get
    // there; the acts have 0.5 and 0.25, in the mean of logs sqrt(0.125), the new one 0.25.
    const atOne = 2 / 3;
    expect(weight).toBeCloseTo(1 + atOne, 12);
    expect(sum).toBeCloseTo(log(2) + atOne * (log(0.125) / 2 - log(0.25)), 12);
  });

  test('does not hold it against what is new too', () => {
    // With slot 4 new as well, state 0 offers the act alone (0.4) and is left for 1 by it: 0.4 of 0.7.
    const { sum, weight } = logitShortfall(graph, logPF, 2, [2, 4]);
    const atOne = 4 / 7;
    expect(weight).toBeCloseTo(1 + atOne, 12);
    expect(sum).toBeCloseTo(log(4) + atOne * (log(0.125) / 2 - log(0.25)), 12);
  });

  test('is nothing where the skill is not offered, and where there is nothing to hold it against', () => {
    expect(logitShortfall(graph, logPF, 9, [9])).toEqual({ sum: 0, weight: 0 });
    const alone = withSlots(tableGraph({ moves: [[~0, ~1]], rewards: [1, 2] }), [[0, 2]]);
    const answer = { ...alone, kind: Uint8Array.of(alone.kind[0], ACTION_KINDS.indexOf('accept')) };
    expect(logitShortfall(answer, logs(0.5, 0.5), 2, [2])).toEqual({ sum: 0, weight: 0 });
    // A state that nothing but the new skill leads to weighs nothing.
    const behind = withSlots(
      tableGraph({
        moves: [
          [1, ~0],
          [~0, ~1],
        ],
        rewards: [1, 2],
      }),
      [
        [0, 2],
        [3, 2],
      ],
    );
    expect(logitShortfall(behind, logs(0.5, 0.5, 0.25, 0.75), 2, [2]).weight).toBeCloseTo(1, 12);
  });

  test('makes the means equal when it is added to the skill’s logits', () => {
    const arbitrary = arbitraryTable.chain((moves) => {
      const made = tableGraph(moves);
      const slot = fc.constantFrom(null, null, null, 0, 1, 1);
      return fc.record({
        made: fc.constant(made),
        slots: fc.array(slot, { minLength: made.edges, maxLength: made.edges }),
        logits: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: made.edges, maxLength: made.edges }),
      });
    });
    let held = 0;
    fc.assert(
      fc.property(arbitrary, ({ made, slots, logits }) => {
        // The first edge of each state stays an act, so that no state is left with the new skill alone.
        const chosen = slots.flatMap((slot, e) =>
          slot === null || made.outStart[made.source[e]] === e ? [] : [[e, slot] as const],
        );
        const offered = withSlots(made, chosen);
        const fresh = 1;
        const { sum, weight } = logitShortfall(offered, normaliseForward(offered, logits), fresh, [fresh]);
        if (weight === 0) {
          expect(sum).toBe(0);
          return;
        }
        held++;
        const by = sum / weight;
        const raised = logits.map((logit, e) => (offered.skill[e] === fresh + 1 ? logit + by : logit));
        // By hand: over every walk that does not use the new skill, state by state.
        const without = normaliseForward(
          offered,
          logits.map((logit, e) => (offered.skill[e] === fresh + 1 ? -1e9 : logit)),
        );
        let [own, others] = [0, 0];
        const seen = new Map<number, number>();
        for (const walk of allTrajectories(offered)) {
          const p = Math.exp(walk.reduce((total, e) => total + without[e], 0));
          for (const e of walk) seen.set(offered.source[e], (seen.get(offered.source[e]) ?? 0) + p);
        }
        for (const [s, p] of seen) {
          const edges = [...offered.source.keys()].filter((e) => offered.source[e] === s);
          const mean = (of: readonly number[]) => of.reduce((total, e) => total + raised[e], 0) / of.length;
          const news = edges.filter((e) => offered.skill[e] === fresh + 1);
          const olds = edges.filter((e) => offered.skill[e] === 1);
          const acts = edges.filter((e) => offered.skill[e] === 0);
          if (news.length === 0) continue;
          own += p * mean(news);
          others += p * mean(olds.length > 0 ? olds : acts);
        }
        expect(own).toBeCloseTo(others, 8);
      }),
      RUNS,
    );
    expect(held).toBeGreaterThan(50);
  });
});
