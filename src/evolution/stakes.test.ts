import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../graph/arbitraryWorld.fixture.ts';
import { byStakes, holdsPlan, stakeOf, stakesOf } from './stakes.ts';
import { taskOf, walkOf } from './walk.fixture.ts';
import type { CreditedWalk, WalkStep } from './walks.ts';

/** A walk of these acts; one in brackets is carried out by a skill. */
const walked = (task: CreditedWalk['task'], acts: readonly string[], reward = 0, solved = false) =>
  walkOf(
    task,
    acts.map((action): Partial<WalkStep> => {
      const skill = action.startsWith('[');
      return skill ? { action: action.slice(1, -1), kind: 'skill', slot: 0 } : { action };
    }),
    { reward, solved },
  );

const TAKE_HEAT = ['take {a} from the {b}', 'heat {a} with the {c}'];

describe('what is at stake', () => {
  test('is the reward that the best walks of an unsolved task leave', () => {
    const [left, done] = [taskOf(0), taskOf(1)];
    const walks = [
      walked(left, ['go home'], 0.25),
      walked(done, ['go home'], 0.25),
      walked(left, ['take mug'], 0),
      walked(left, ['open box'], 0.25),
      walked(done, ['take mug'], 1, true),
    ];
    expect(stakesOf(walks)).toEqual([{ task: left, reward: 0.75, walks: [walks[0], walks[3]] }]);
  });

  test('is nothing where all walks of a task come equally far, and nothing for no walks', () => {
    const task = taskOf(0);
    expect(stakesOf([walked(task, ['go home'], 0.5), walked(task, ['take mug'], 0.5)])).toEqual([]);
    expect(stakesOf([])).toEqual([]);
  });

  test('is never negative, where rewards exceed 1 without solving', () => {
    const task = taskOf(0);
    expect(stakesOf([walked(task, ['go home'], 3), walked(task, ['take mug'], 2)])[0].reward).toBe(0);
  });
});

describe('a walk holds a plan', () => {
  const task = taskOf(0);
  const holds = (...acts: string[]) => holdsPlan(walked(task, acts), TAKE_HEAT);

  test('where its acts stand one after the other, anywhere, about the same things', () => {
    expect(holds('take red mug from the desk', 'heat red mug with the stove')).toBe(true);
    expect(holds('go home', 'take mug from the desk', 'heat mug with the stove', 'go out')).toBe(true);
    expect(holds('take mug from the desk', 'take pan from the desk', 'heat pan with the stove')).toBe(true);
    expect(holds('take mug from the desk', 'heat pan with the stove')).toBe(false);
    expect(holds('take mug from the desk', 'go home', 'heat mug with the stove')).toBe(false);
  });

  test('and not where it ends before the plan does', () => {
    expect(holds('take mug from the desk')).toBe(false);
    expect(holds()).toBe(false);
  });

  test('and not where a skill or an answer does one of them', () => {
    expect(holds('[take mug from the desk]', 'heat mug with the stove')).toBe(false);
    expect(holds('take mug from the desk', '[heat mug with the stove]')).toBe(false);
  });

  test('by another reading of its words, where the first does not go on', () => {
    // {a} may be "mug from the shelf" or "mug"; only the first is what is heated.
    expect(holds('take mug from the shelf from the desk', 'heat mug from the shelf with the stove')).toBe(true);
  });
});

describe('the reward at stake for a plan', () => {
  const [one, two, other] = [taskOf(0), taskOf(1), taskOf(2, 'other')];
  const heats = ['take mug from the desk', 'heat mug with the stove'];
  const stakes = stakesOf([
    // Unsolved at 0.25: one of two best walks holds the plan.
    walked(one, heats, 0.25),
    walked(one, ['go home'], 0.25),
    walked(one, heats, 0),
    // Unsolved at 0.5: the only best walk holds it.
    walked(two, heats, 0.5),
    walked(two, ['go home'], 0),
    // Of another suite.
    walked(other, heats, 0.5),
    walked(other, ['go home'], 0),
  ]);

  test('is over the unsolved tasks of its suite what is left times the share of the best walks that hold it', () => {
    expect(stakeOf(TAKE_HEAT, 'made', stakes)).toBe(0.75 / 2 + 0.5);
    expect(stakeOf(TAKE_HEAT, 'other', stakes)).toBe(0.5);
    expect(stakeOf(['go {a}', 'take {b}'], 'made', stakes)).toBe(0);
    expect(stakeOf(TAKE_HEAT, 'made', [])).toBe(0);
  });

  test('lies between nothing and all that is at stake, and what more general plans have is no less', () => {
    const acts = fc.array(fc.constantFrom('take mug', 'heat mug', 'take pan', 'heat pan'), { maxLength: 4 });
    const walk = fc.record({ task: fc.nat(2), acts, reward: fc.constantFrom(0, 0.25, 0.5, 1) });
    const tasks = [taskOf(0), taskOf(1), taskOf(2)];
    fc.assert(
      fc.property(fc.array(walk, { maxLength: 12 }), (drawn) => {
        const walks = drawn.map(({ task, acts, reward }) => walked(tasks[task], acts, reward, reward === 1));
        const found = stakesOf(walks);
        const all = found.reduce((sum, { reward }) => sum + reward, 0);
        const [constant, same, any] = [
          ['take mug', 'heat mug'],
          ['take {a}', 'heat {a}'],
          ['take {a}', 'heat {b}'],
        ].map((plan) => stakeOf(plan, 'made', found));
        expect(constant).toBeGreaterThanOrEqual(0);
        expect(same).toBeGreaterThanOrEqual(constant);
        expect(any).toBeGreaterThanOrEqual(same);
        expect(any).toBeLessThanOrEqual(all + 1e-12);
      }),
      RUNS,
    );
  });
});

describe('proposals by stakes', () => {
  const staked = (...pairs: readonly (readonly [credit: number, stake: number])[]) =>
    pairs.map(([credit, stake], i) => ({ one: { credit, i }, stake }));
  const order = (...pairs: readonly (readonly [credit: number, stake: number])[]) =>
    byStakes(staked(...pairs)).map(({ one }) => one.i);

  test('come in turn by credit at stake and by credit', () => {
    // Products 0, 6, 8, 1: in their order 2, 1, 3, 0. Credits: 0 (9), 1 (6), 2 (4), 3 (1).
    expect(order([9, 0], [6, 1], [4, 2], [1, 1])).toEqual([2, 0, 1, 3]);
  });

  test('are by credit alone where nothing is at stake for any', () => {
    expect(order([1, 0], [3, 0], [2, 0])).toEqual([1, 2, 0]);
  });

  test('of equal ones come by credit, then as they stood', () => {
    // Both products are 6: the one with credit 3 goes first.
    expect(order([2, 3], [3, 2])).toEqual([1, 0]);
    expect(order([2, 1], [2, 1], [2, 1])).toEqual([0, 1, 2]);
    expect(order()).toEqual([]);
  });

  test('are all there, each once, and of the first two one is the best of each order', () => {
    const pair = fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 9 }), (pairs) => {
        const given = staked(...pairs);
        const found = byStakes(given);
        expect(new Set(found)).toEqual(new Set(given));
        expect(found).toHaveLength(given.length);
        const first = found.slice(0, 2);
        const most = (value: (of: (typeof given)[number]) => number) => Math.max(...given.map(value));
        expect(Math.max(...first.map(({ one, stake }) => one.credit * stake))).toBe(
          most(({ one, stake }) => one.credit * stake),
        );
        expect(Math.max(...first.map(({ one }) => one.credit))).toBe(most(({ one }) => one.credit));
      }),
      RUNS,
    );
  });
});
