import { describe, expect, test } from 'vitest';
import { planKey } from '../skills/plan.ts';
import { randomSource } from '../worlds/random.ts';
import { settingsOf, taskOf, walkOf } from './walk.fixture.ts';
import type { CreditedWalk, WalkStep } from './walks.ts';
import type { Trigger } from './where.ts';
import { candidatesOf, chanceTriggers, clustersOf, proposalsOf, sourceOf, triggersOf } from './where.ts';

const where = settingsOf({ where: { credit: 1, gap: 0.3, least: 2, shortest: 2, longest: 3 } }).where;
const NONE: ReadonlySet<string> = new Set();

const act = (edge: number, action: string, fields: Partial<WalkStep> = {}): Partial<WalkStep> => ({
  edge,
  action,
  situation: 'go, take',
  ...fields,
});
const solved = { solved: true, reward: 1 };

/** What a trigger is, in short. */
const short = (triggers: readonly Trigger[], walks: readonly CreditedWalk[]) =>
  triggers.map(({ walk, at, by }) => [walks.indexOf(walk), at, by]);

describe('a trigger by credit', () => {
  const task = taskOf(0);

  test('is an act of a solved walk with as much centred credit as is asked for', () => {
    const walks = [
      walkOf(
        task,
        [
          act(0, 'go a', { centred: 0.99 }),
          act(1, 'go b', { centred: 1, credit: -9 }),
          act(2, 'go c', { centred: 5, kind: 'skill', slot: 0 }),
          act(3, 'end', { centred: 5, kind: 'accept' }),
        ],
        solved,
      ),
      walkOf(task, [act(4, 'go d', { centred: 5 })], { reward: 1 }),
    ];
    expect(short(triggersOf(walks, where), walks)).toEqual([[0, 1, 'credit']]);
  });

  test('is each edge of a task once', () => {
    const other = taskOf(1);
    const steps = [act(7, 'go a', { centred: 2 })];
    const walks = [walkOf(task, steps, solved), walkOf(task, steps, solved), walkOf(other, steps, solved)];
    expect(short(triggersOf(walks, where), walks)).toEqual([
      [0, 0, 'credit'],
      [2, 0, 'credit'],
    ]);
  });
});

describe('a trigger by gap', () => {
  const task = taskOf(0);
  const walk = (edges: readonly number[], reward: number, of = task) =>
    walkOf(
      of,
      edges.map((edge) => act(edge, `go ${edge}`)),
      { reward },
    );

  test('is where the better of two walks of a task left the worse', () => {
    const walks = [walk([0, 1, 2], 1), walk([0, 1, 5], 0.5), walk([0, 3, 4], 0.75)];
    const by = (gap: number) => short(triggersOf(walks, settingsOf({ where: { gap } }).where), walks);
    expect(by(0.5)).toEqual([[0, 2, 'gap']]);
    expect(by(0.25)).toEqual([
      [0, 2, 'gap'],
      [0, 1, 'gap'],
      [2, 1, 'gap'],
    ]);
    expect(by(0.51)).toEqual([]);
  });

  test('is none between tasks, and none where rewards differ by less', () => {
    const apart = [walk([0], 1), walk([1], 0, taskOf(1))];
    expect(triggersOf(apart, where)).toEqual([]);
    const near = [walk([0], 0.5), walk([1], 0.25)];
    expect(triggersOf(near, where)).toEqual([]);
  });

  test('is none where the better walk parts by a skill or by an answer', () => {
    const steps = (kind: 'skill' | 'accept') => [
      walkOf(task, [act(0, 'go 0'), act(1, 'x', { kind })], { reward: 1 }),
      walk([0, 2], 0),
    ];
    expect(triggersOf(steps('skill'), where)).toEqual([]);
    expect(triggersOf(steps('accept'), where)).toEqual([]);
  });

  test('is where the better walk goes on and the worse ended', () => {
    const walks = [walk([0, 1], 1), walk([0], 0)];
    expect(short(triggersOf(walks, where), walks)).toEqual([[0, 1, 'gap']]);
  });

  test('does not say again what the credit has said', () => {
    const walks = [walkOf(task, [act(0, 'go 0', { centred: 1 })], solved), walk([1], 0)];
    expect(short(triggersOf(walks, where), walks)).toEqual([[0, 0, 'credit']]);
  });
});

describe('a trigger by stake', () => {
  const task = taskOf(0);
  const walk = (edges: readonly number[], reward: number, solved = false) =>
    walkOf(
      task,
      edges.map((edge) => act(edge, `go ${edge}`)),
      { reward, solved },
    );
  const stakes = settingsOf({ where: { gap: 0.3, score: 'stakes' } }).where;

  test('is where the best walks of a task that none solves part from worse ones, by however little', () => {
    const walks = [walk([0, 1, 2], 0.25), walk([0, 1, 5], 0.125), walk([0, 3, 4], 0.125), walk([6], 0)];
    expect(short(triggersOf(walks, stakes), walks)).toEqual([
      [0, 2, 'stake'],
      [0, 1, 'stake'],
      [0, 0, 'stake'],
    ]);
    // The published score does not look there.
    expect(triggersOf(walks, where)).toEqual([]);
  });

  test('is none where a walk solves the task, and does not say again what a gap has said', () => {
    const walks = [walk([0, 1], 0.25), walk([0, 2], 0), walk([3], 0.3, true)];
    expect(short(triggersOf(walks, stakes), walks)).toEqual([[2, 0, 'gap']]);
    const unsolved = [walk([0, 1], 0.5), walk([0, 2], 0)];
    expect(short(triggersOf(unsolved, stakes), unsolved)).toEqual([[0, 1, 'gap']]);
  });
});

describe('triggers by chance', () => {
  test('are acts from anywhere, as many as are asked for, by the seed', () => {
    const acts = Array.from({ length: 6 }, (_, i) => act(i, `go ${i}`));
    const walks = [walkOf(taskOf(0), [...acts, act(9, 'end', { kind: 'accept' })]), walkOf(taskOf(1), acts)];
    const drawn = chanceTriggers(walks, 4, randomSource(1));
    expect(drawn).toHaveLength(4);
    expect(new Set(short(drawn, walks).map(String)).size).toBe(4);
    expect(drawn.every(({ walk, at, by }) => by === 'chance' && walk.steps[at].kind === 'act')).toBe(true);
    expect(short(chanceTriggers(walks, 4, randomSource(1)), walks)).toEqual(short(drawn, walks));
    expect(short(chanceTriggers(walks, 4, randomSource(2)), walks)).not.toEqual(short(drawn, walks));
    expect(chanceTriggers(walks, 99, randomSource(1))).toHaveLength(12);
  });
});

describe('the clusters', () => {
  test('are the situations with a trigger, scored by hand, the highest first', () => {
    const walks = [
      walkOf(taskOf(0), [
        act(0, 'go a', { situation: 'go', centred: -1 }),
        act(1, 'go b', { situation: 'go', centred: -3 }),
        act(2, 'take c', { situation: 'take', centred: 2 }),
      ]),
      walkOf(taskOf(1), [
        act(0, 'take d', { situation: 'take', centred: 6 }),
        act(1, 'open e', { situation: 'open', centred: -100 }),
      ]),
      walkOf(taskOf(2, 'other'), [act(0, 'go f', { situation: 'go', centred: -50 })]),
    ];
    const trigger = (walk: number, at: number): Trigger => ({ walk: walks[walk], at, by: 'credit' });
    const triggers = [trigger(0, 2), trigger(0, 0), trigger(1, 0)];
    // go: 2 steps, mean -2, variance 1: 2 * 2 + 1. take: 2 steps, mean 4, variance 4: 0 + 4.
    expect(clustersOf(walks, triggers)).toEqual([
      { suite: 'made', situation: 'go', triggers: [triggers[1]], steps: 2, mean: -2, variance: 1, score: 5 },
      {
        suite: 'made',
        situation: 'take',
        triggers: [triggers[0], triggers[2]],
        steps: 2,
        mean: 4,
        variance: 4,
        score: 4,
      },
    ]);
    const both = clustersOf(walks, [trigger(2, 0), trigger(0, 0)]);
    expect(both.map(({ suite, score }) => [suite, score])).toEqual([
      ['other', 50],
      ['made', 5],
    ]);
    expect(clustersOf(walks, [])).toEqual([]);
  });

  test('of one score come in the order of their situations', () => {
    const walks = [walkOf(taskOf(0), [act(0, 'b', { situation: 'b' }), act(1, 'a', { situation: 'a' })])];
    const triggers = [0, 1].map((at): Trigger => ({ walk: walks[0], at, by: 'credit' }));
    expect(clustersOf(walks, triggers).map(({ situation }) => situation)).toEqual(['a', 'b']);
  });
});

describe('the candidates', () => {
  /** A walk that goes, takes and heats a thing, with the most credit for taking it. */
  const heated = (task: number, thing: string, credits: readonly number[] = [0.5, 2, 1], suite = 'made') =>
    walkOf(
      taskOf(task, suite),
      [
        act(0, `go to the room of ${thing}`, { situation: 'go', credit: credits[0] }),
        act(1, `take ${thing} from the desk`, { centred: 2, credit: credits[1] }),
        act(2, `heat ${thing} with the stove`, { situation: 'heat', credit: credits[2] }),
        act(3, 'finish', { kind: 'accept', situation: 'heat', credit: 9 }),
      ],
      solved,
    );
  const found = (walks: readonly CreditedWalk[], known = NONE, settings = where) =>
    candidatesOf(clustersOf(walks, triggersOf(walks, settings)), known, settings);

  const TAKE_HEAT = ['take {a} from the desk', 'heat {a} with the stove'];
  const GO_TAKE = ['go to the room of {a}', 'take {a} from the desk'];
  const ALL = ['go to the room of {a}', 'take {a} from the desk', 'heat {a} with the stove'];

  test('are lifted from the stretches of acts around the triggers of several tasks, best credit first', () => {
    const walks = [heated(0, 'mug'), heated(1, 'red pan', [0, 3, 1])];
    const candidates = found(walks);
    expect(candidates.map(({ plan, credit }) => ({ plan, credit }))).toEqual([
      { plan: ALL, credit: 3.5 + 4 },
      { plan: TAKE_HEAT, credit: 3 + 4 },
      { plan: GO_TAKE, credit: 2.5 + 3 },
    ]);
    const [{ cluster }] = candidates;
    expect(cluster).toEqual({
      suite: 'made',
      situation: 'go, take',
      triggers: 2,
      steps: 2,
      mean: 2,
      variance: 0,
      score: 0,
    });
    // The sources, the best first: where the stretch begins in its walk.
    expect(candidates[1].sources).toEqual([
      sourceOf({ walk: walks[1], first: 1, credit: 4 }),
      sourceOf({ walk: walks[0], first: 1, credit: 3 }),
    ]);
    expect(candidates[1].sources[1]).toEqual({
      suite: 'made',
      split: 'train',
      task: 0,
      text: 'task 0',
      actions: walks[0].steps.map(({ action }) => action),
      first: 1,
      credit: 3,
    });
  });

  test('are as long as is asked for', () => {
    const walks = [heated(0, 'mug'), heated(1, 'pan')];
    const lengths = (shortest: number, longest: number) =>
      found(walks, NONE, settingsOf({ where: { shortest, longest } }).where).map(({ plan }) => plan.length);
    expect(lengths(2, 2)).toEqual([2, 2]);
    expect(lengths(3, 3)).toEqual([3]);
    expect(lengths(4, 8)).toEqual([]);
  });

  test('leave out known plans, under whatever names of their variables', () => {
    const walks = [heated(0, 'mug'), heated(1, 'pan')];
    const known = new Set([planKey(['take {x} from the desk', 'heat {x} with the stove'])]);
    expect(found(walks, known).map(({ plan }) => plan)).toEqual([ALL, GO_TAKE]);
    expect(known.size).toBe(1);
  });

  test('need as many tasks as are asked for, of one suite', () => {
    const again = heated(0, 'mug');
    expect(found([again, { ...heated(0, 'pan'), task: again.task }])).toEqual([]);
    expect(found([again, heated(1, 'pan', undefined, 'other')])).toEqual([]);
    const one = settingsOf({ where: { least: 1 } }).where;
    expect(found([again], NONE, one).map(({ plan }) => plan)).toContainEqual([
      'take mug from the desk',
      'heat mug with the stove',
    ]);
  });

  test('take the best stretch of each task', () => {
    const poor = heated(0, 'mug', [0, 1, 1]);
    const rich = { ...heated(0, 'lid', [0, 4, 1]), task: poor.task };
    // Two edges, or the second walk of the task would say nothing new.
    const steps = rich.steps.map((step) => ({ ...step, edge: step.edge + 10 }));
    const [best] = found([poor, { ...rich, steps }, heated(1, 'pan', [0, 2, 0])]).filter(
      ({ plan }) => plan.length === 2 && plan[0].startsWith('take'),
    );
    expect(best.sources.map(({ actions }) => actions[1])).toEqual(['take lid from the desk', 'take pan from the desk']);
    expect(best.credit).toBe(5 + 2);
  });

  test('count no negative credit against a plan', () => {
    const walks = [heated(0, 'mug', [0, 2, 1]), heated(1, 'pan', [0, -2, -1])];
    expect(found(walks).find(({ plan }) => plan[0].startsWith('take'))?.credit).toBe(3);
  });

  test('are stretches of acts alone', () => {
    const broken = (task: number, thing: string) => {
      const walk = heated(task, thing);
      const steps = walk.steps.map((step, i) => (i === 2 ? { ...step, kind: 'skill' as const, slot: 0 } : step));
      return { ...walk, steps };
    };
    expect(found([broken(0, 'mug'), broken(1, 'pan')]).map(({ plan }) => plan)).toEqual([GO_TAKE]);
  });

  test('of a plan that two clusters show are proposed once, by the better one', () => {
    const walks = [0, 1].map((task) => {
      const walk = heated(task, `thing${task}`);
      const steps = walk.steps.map((step, i) => (i === 2 ? { ...step, centred: 3 } : step));
      return { ...walk, steps };
    });
    // Of `heat` there are the finishing steps too: mean 1.5, variance 2.25; of `go, take` the variance is 0.
    const candidates = found(walks);
    expect(candidates.map(({ plan, cluster }) => [plan.length, cluster.situation])).toEqual([
      [3, 'heat'],
      [2, 'heat'],
      [2, 'go, take'],
    ]);
  });

  test('are none where the acts have no plan in common, and none for no clusters', () => {
    const takes = (task: number, first: string) =>
      walkOf(taskOf(task), [act(0, first, { centred: 2 }), act(1, 'go')], solved);
    expect(found([takes(0, 'take mug'), takes(1, 'open box')])).toEqual([]);
    expect(found([])).toEqual([]);
  });

  test('are none whose acts are longer than a skill may hold', () => {
    const walks = (length: number) => [0, 1].map((task) => heated(task, 'xy'[task].repeat(length)));
    const constant = (length: number) =>
      [0, 1].map((task) =>
        walkOf(taskOf(task), [act(0, 'go home', { centred: 2 }), act(1, `say ${'x'.repeat(length)}`)], solved),
      );
    expect(found(walks(300))).toHaveLength(3);
    expect(found(constant(196))).toHaveLength(1);
    expect(found(constant(197))).toEqual([]);
  });
});

describe('the proposals', () => {
  /** Walks on which credit and stakes disagree: a solved task, and one that none solves. */
  const walks = (['mug', 'pan'] as const).flatMap((thing, i) => {
    const [done, left] = [taskOf(i), taskOf(i + 2)];
    return [
      // 4 nats for putting after going.
      walkOf(
        done,
        [act(0, `go to ${thing}`, { centred: 1, credit: 1 }), act(1, `put ${thing} down`, { credit: 3 })],
        solved,
      ),
      walkOf(done, [act(2, `lift ${thing}`)]),
      // 1 nat for taking and heating, in what stays unsolved at 0.25.
      walkOf(left, [act(3, `take ${thing}`, { credit: 0.5 }), act(4, `heat ${thing}`, { credit: 0.5 })], {
        reward: 0.25,
      }),
      walkOf(left, [act(5, `lift ${thing}`)]),
    ];
  });
  const proposed = (input: Parameters<typeof settingsOf>[0]) => {
    const settings = settingsOf(input).where;
    return proposalsOf(walks, triggersOf(walks, settings), NONE, settings).map(({ candidate, stake }) => [
      candidate.plan[0],
      candidate.credit,
      stake,
    ]);
  };

  test('of the published score are the first of the candidates', () => {
    expect(proposed({})).toEqual([['go to {a}', 8, null]]);
    expect(proposed({ where: { score: 'published' } })).toEqual(proposed({}));
  });

  test('of the score by stakes begin with what is walked in unsolved tasks', () => {
    // Two tasks with 0.75 left, the best walk of each holds the plan.
    expect(proposed({ where: { score: 'stakes' } })).toEqual([
      ['take {a}', 2, 1.5],
      ['go to {a}', 8, 0],
    ]);
  });

  test('are as many as a phase tries', () => {
    expect(proposed({ where: { score: 'stakes', candidates: 1 } })).toEqual([['take {a}', 2, 1.5]]);
  });
});
