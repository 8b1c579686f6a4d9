import { describe, expect, test } from 'vitest';
import { randomSource } from '../worlds/random.ts';
import { diagnose } from './diagnostics.ts';
import { taskOf, walkOf } from './walk.fixture.ts';
import type { CreditedWalk, WalkStep } from './walks.ts';

const { log } = Math;
const [one, two] = [taskOf(0), taskOf(1)];

const visit = (slot: number, logFlow: number, centred: number, situation = 'go'): Partial<WalkStep> => ({
  kind: 'skill',
  slot,
  logFlow,
  centred,
  situation,
  // What the diagnostics are not made of.
  credit: 99,
});
const act = (logFlow: number): Partial<WalkStep> => ({ logFlow, centred: -7 });
const finish: Partial<WalkStep> = { kind: 'accept', logFlow: 50, centred: 50 };

const diagnosed = (walks: readonly CreditedWalk[], slots: readonly number[], confidence = 0.9) =>
  diagnose(walks, slots, { step: 30, confidence, random: randomSource(1) });

/** Skill 2 leads to flows 1 and 3 (of Z), skill 5 to 4; skill 6 is not used. */
const walks = [
  walkOf(one, [act(log(5)), visit(2, log(1), 1, 'go, take'), finish]),
  walkOf(two, [visit(2, log(3), -4), visit(5, log(4), 2), act(log(7)), finish]),
];

describe('the diagnostics of skills', () => {
  const [second, fifth, sixth] = diagnosed(walks, [2, 5, 6]);

  test('are G, J, Lambda~ and g as defined', () => {
    expect([second.slot, fifth.slot, sixth.slot]).toEqual([2, 5, 6]);
    expect([second.step, second.visits, fifth.visits]).toEqual([30, 2, 1]);
    // G = (log 1 + log 3) / 2; Lambda1 = log((1 + 3) / 2) = log 2, and log 4; their mean is 1.5 log 2.
    expect(second.G?.mean).toBeCloseTo(log(3) / 2, 12);
    expect(second.J?.mean).toBeCloseTo(log(2) - log(3) / 2, 12);
    expect(second.lambda?.mean).toBeCloseTo(-log(2) / 2, 12);
    expect(second.g?.mean).toBeCloseTo(-1.5, 12);
    expect(fifth.G?.mean).toBeCloseTo(log(4), 12);
    expect(fifth.J?.mean).toBeCloseTo(0, 12);
    expect(fifth.lambda?.mean).toBeCloseTo(log(2) / 2, 12);
    expect(fifth.g?.mean).toBeCloseTo(2, 12);
    // Of seven steps.
    expect(second.flowShare).toBeCloseTo(2 / 7, 12);
    expect(fifth.flowShare).toBeCloseTo(1 / 7, 12);
  });

  test('have intervals over the tasks that were visited', () => {
    // Of two tasks with log 1 and log 3, one draw in four is twice the one, one in four twice the other.
    expect(second.G).toEqual({ mean: expect.closeTo(log(3) / 2, 12), low: 0, high: expect.closeTo(log(3), 12) });
    expect(second.J?.low).toBeCloseTo(0, 12);
    expect(second.lambda?.low).toBeCloseTo(-1.5 * log(2), 12);
    expect(second.lambda?.high).toBeCloseTo(log(3) - 1.5 * log(2), 12);
    expect(second.g).toEqual({ mean: -1.5, low: -4, high: 1 });
    expect(fifth.g).toEqual({ mean: 2, low: 2, high: 2 });
  });

  test('tell situations apart', () => {
    expect(second.bySituation).toEqual([
      { situation: 'go', visits: 1, g: { mean: -4, low: -4, high: -4 } },
      { situation: 'go, take', visits: 1, g: { mean: 1, low: 1, high: 1 } },
    ]);
  });

  test('of a skill that nobody used are none', () => {
    const none = { G: null, J: null, lambda: null, g: null };
    expect(sixth).toEqual({ slot: 6, step: 30, visits: 0, flowShare: 0, bySituation: [], ...none });
    expect(diagnosed([], [6])).toEqual([sixth]);
  });

  test('of an unused skill do not count in the mean that the others are held against', () => {
    expect(diagnosed(walks, [2, 5]).map(({ lambda }) => lambda?.mean)).toEqual(
      [second, fifth].map(({ lambda }) => lambda?.mean),
    );
  });

  test('of a skill alone are held against the acts, and against itself where there are none', () => {
    const [alone] = diagnosed(walks, [2]);
    // The acts lead to flows 5 and 7: Lambda1 = log 6.
    expect(alone.lambda?.mean).toBeCloseTo(log(2) - log(6), 12);
    const [single] = diagnosed([walkOf(one, [visit(0, 3, 1), finish])], [0]);
    expect(single.lambda).toEqual({ mean: 0, low: 0, high: 0 });
  });

  test('count a task that was walked twice as one task', () => {
    const again = (task: typeof one, centred: number) => walkOf(task, [visit(0, 0, centred), finish]);
    const [diagnostics] = diagnosed([again(one, 1), again(two, 5), again(one, 3)], [0]);
    expect(diagnostics.g).toEqual({ mean: 3, low: 2, high: 5 });
    expect(diagnostics.visits).toBe(3);
  });

  test('J is 0 where a skill pays evenly, and grows with how unevenly it pays', () => {
    const uneven = (by: number) =>
      diagnosed([walkOf(one, [visit(0, by, 0), visit(0, -by, 0)])], [0])[0].J?.mean ?? Number.NaN;
    expect(uneven(0)).toBeCloseTo(0, 12);
    expect(uneven(1)).toBeCloseTo(log(Math.cosh(1)), 12);
    expect(uneven(3)).toBeCloseTo(log(Math.cosh(3)), 12);
  });
});
