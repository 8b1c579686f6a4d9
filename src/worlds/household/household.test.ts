import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { randomSource } from '../random.ts';
import { attainable, describeSuite, skillsOf } from '../suiteContract.fixture.ts';
import { household } from './index.ts';
import type { Goal, Layout } from './layout.ts';
import { allGoals, drawLayout, SPARE_ACTS, shortestPlan } from './layout.ts';
import { householdWorld, IllegalAct } from './world.ts';

describeSuite(household, 8, 5000);

const goal: Goal = { kind: 'mug', treatment: 'heat', container: 'desk' };
/** One room; a mug in the cabinet, an apple on the desk. */
const studio: Layout = {
  rooms: ['kitchen'],
  containers: [
    { name: 'desk', room: 0, openable: false },
    { name: 'cabinet', room: 0, openable: true },
  ],
  appliances: [
    { name: 'stove', room: 0, treatment: 'heat' },
    { name: 'fridge', room: 0, treatment: 'cool' },
    { name: 'sink', room: 0, treatment: 'clean' },
  ],
  objects: [
    { name: 'mug', kind: 'mug', place: 1 },
    { name: 'apple', kind: 'apple', place: 0 },
  ],
  startRoom: 0,
};

/** The state after the acts, or the outcome if the last one finishes. */
function walk(layout: Layout, ...texts: string[]) {
  const world = householdWorld(goal, layout, 9);
  let state = world.initial();
  for (const text of texts) {
    const action = world.actions(state).find((candidate) => candidate.text === text);
    if (action === undefined) throw new Error(`"${text}" is not offered when ${world.describe(state)}`);
    const arrival = world.step(state, action);
    if ('outcome' in arrival) return { world, state, outcome: arrival.outcome };
    if (!('state' in arrival)) throw new Error(`"${text}" leads nowhere`);
    state = arrival.state;
  }
  return { world, state, outcome: undefined };
}
const FINISH = 'finish, it is done';
const rewardAfter = (...texts: string[]) => walk(studio, ...texts, FINISH).outcome?.reward;

describe('a household', () => {
  test('pays 0.4 / 3 for each sub-goal that holds when the task is finished, and 1 for all three', () => {
    const fetch = ['open the cabinet', 'take mug from the cabinet'];
    expect(rewardAfter()).toBe(0);
    expect(rewardAfter(...fetch)).toBeCloseTo(0.4 / 3, 12);
    expect(rewardAfter(...fetch, 'put mug on the desk')).toBeCloseTo(0.8 / 3, 12);
    expect(rewardAfter(...fetch, 'heat mug with the stove')).toBeCloseTo(0.8 / 3, 12);
    expect(rewardAfter(...fetch, 'heat mug with the stove', 'put mug in the cabinet')).toBeCloseTo(0.4 / 3, 12);
    expect(rewardAfter(...fetch, 'heat mug with the stove', 'put mug on the desk')).toBe(1);
    expect(rewardAfter(...fetch, 'clean mug with the sink', 'put mug on the desk')).toBeCloseTo(0.8 / 3, 12);
  });

  test('gives nothing for another object that was treated and put where the goal says', () => {
    expect(rewardAfter('take apple from the desk', 'heat apple with the stove', 'put apple on the desk')).toBe(0);
  });

  test('lets a later temperature replace an earlier one and keeps a thing clean', () => {
    const { world, state } = walk(
      studio,
      'take apple from the desk',
      'clean apple with the sink',
      'heat apple with the stove',
      'cool apple with the fridge',
    );
    expect(world.items(state)).toEqual([
      'you are in the kitchen',
      'mug is in the cabinet',
      'apple is in hand',
      'apple is cooled',
      'apple is cleaned',
    ]);
  });

  test('is one state after the same independent acts in two orders', () => {
    const one = walk(studio, 'open the cabinet', 'take apple from the desk');
    const other = walk(studio, 'take apple from the desk', 'open the cabinet');
    expect(one.world.key(one.state)).toBe(other.world.key(other.state));
  });

  test('is one outcome but two states in the same situation after more acts', () => {
    const early = walk(studio, 'open the cabinet', FINISH);
    const late = walk(studio, 'take apple from the desk', 'put apple on the desk', 'open the cabinet', FINISH);
    expect(early.world.key(early.state)).not.toBe(late.world.key(late.state));
    expect(early.outcome).toEqual(late.outcome);
  });

  test('keeps what is in a closed container, or in another room, out of reach, and one thing in the hand', () => {
    const offered = (...texts: string[]) => {
      const { world, state } = walk(studio, ...texts);
      return world.actions(state).map((action) => action.text);
    };
    expect(offered()).toEqual(['take apple from the desk', 'open the cabinet', FINISH]);
    expect(offered('open the cabinet', 'take apple from the desk')).toEqual([
      'put apple on the desk',
      'put apple in the cabinet',
      'heat apple with the stove',
      'cool apple with the fridge',
      'clean apple with the sink',
      FINISH,
    ]);
    const twoRooms: Layout = { ...studio, rooms: ['kitchen', 'study'], startRoom: 1 };
    const { world, state } = walk(twoRooms);
    expect(world.actions(state).map((action) => action.text)).toEqual([
      'go to the kitchen with the stove, fridge, sink, desk, cabinet',
      FINISH,
    ]);
  });

  test('offers nothing but the finish when the acts are used up, and refuses an act that is not legal', () => {
    const world = householdWorld(goal, studio, 1);
    const [take] = world.actions(world.initial());
    const arrival = world.step(world.initial(), take);
    if (!('state' in arrival)) throw new Error('an act finished the task');
    expect(world.actions(arrival.state).map((action) => action.text)).toEqual([FINISH]);
    expect(() => world.step(arrival.state, take)).toThrow(IllegalAct);
    expect(() => world.step(world.initial(), { kind: 'act', text: 'fly' })).toThrow(IllegalAct);
  });
});

/** Edges of the shortest walk to a solved outcome. */
function shortestSolved(graph: TaskGraph): number {
  const distance = new Array<number>(graph.states + graph.outcomes).fill(Infinity);
  distance[0] = 0;
  for (let e = 0; e < graph.edges; e++) {
    distance[graph.target[e]] = Math.min(distance[graph.target[e]], distance[graph.source[e]] + 1);
  }
  return Math.min(...distance.slice(graph.states).filter((_, x) => graph.solved[x] === 1));
}

describe('a drawn layout', () => {
  test('has the sizes that were asked for, and a shortest plan as long as the graph says, with acts to spare', () => {
    const goals = allGoals();
    for (let i = 0; i < 40; i++) {
      const random = randomSource(9, i);
      const drawn = random.pick(goals);
      const sizes = { rooms: 1 + (i % 3), receptacles: 4 + (i % 4), objects: 1 + (i % 3), horizon: 7 };
      const layout = drawLayout(drawn, sizes, random);
      expect(layout.rooms.length).toBe(sizes.rooms);
      expect(layout.containers.length + layout.appliances.length).toBe(sizes.receptacles);
      expect(layout.objects.length).toBe(sizes.objects);
      const furnished = new Set([...layout.containers, ...layout.appliances].map(({ room }) => room));
      expect(furnished.size).toBe(sizes.rooms);
      const plan = shortestPlan(drawn, layout);
      expect(plan).toBeLessThanOrEqual(sizes.horizon - SPARE_ACTS);
      const graph = buildGraph('household', '', householdWorld(drawn, layout, sizes.horizon));
      expect(shortestSolved(graph)).toBe(plan + 1);
    }
  });

  test('is found for every goal at the smallest horizons that the settings allow', () => {
    for (const sizes of [
      { rooms: 1, receptacles: 4, objects: 1, horizon: 6 },
      { rooms: 2, receptacles: 4, objects: 1, horizon: 6 },
      { rooms: 3, receptacles: 4, objects: 1, horizon: 7 },
    ]) {
      expect(household.settings.safeParse(sizes).success).toBe(true);
      for (const [i, each] of allGoals().entries()) {
        expect(shortestPlan(each, drawLayout(each, sizes, randomSource(i)))).toBeLessThanOrEqual(sizes.horizon - 2);
      }
    }
  });
});

describe('the settings of household', () => {
  test('refuse unknown fields, sizes that cannot be enumerated and horizons that reach no goal', () => {
    const refuses = (input: unknown) => !household.settings.safeParse(input).success;
    expect(refuses({})).toBe(false);
    expect(refuses({ horizon: 10 })).toBe(true);
    expect(refuses({ objects: 4 })).toBe(true);
    expect(refuses({ receptacles: 20 })).toBe(true);
    expect(refuses({ rooms: 3, horizon: 6 })).toBe(true);
    expect(refuses({ horizon: 4 })).toBe(true);
    expect(refuses({ horizon: 4, plan: 6 })).toBe(true);
    expect(refuses({ horizon: 4, plan: 5, rooms: 2 })).toBe(true);
    expect(refuses({ horizon: 4, plan: 6, rooms: 2 })).toBe(false);
    expect(refuses({ room: 2 })).toBe(true);
  });

  test('allow no task beyond the default limits, even at their largest', () => {
    const largest = household.settings.parse({ horizon: 9, rooms: 1, receptacles: 7, objects: 3 });
    for (let i = 0; i < 3; i++) expect(household.task(largest, 0, 'train', i).compile().states).toBeLessThan(50_000);
  });
});

describe('a short horizon', () => {
  const takeAndGo = ['take {a} from the {b}', 'go to the {c}'];
  const openAndTake = ['open the {a}', 'take {b} from the {a}'];
  const openAndPut = ['open the {a}', 'put {b} in the {a}'];

  test('is drawn as the longer plan says: the same household, with fewer steps', () => {
    const sizes = { rooms: 2, receptacles: 5, objects: 2 };
    const task = (settings: object) =>
      household.task(household.settings.parse({ ...sizes, ...settings }), 0, 'train', 3);
    const [short, long] = [task({ horizon: 4, plan: 7 }).compile(), task({ horizon: 7 }).compile()];
    expect(short.text).toBe(long.text);
    expect(short.nodeText[0]).toBe(long.nodeText[0]);
    expect([short.horizon, long.horizon]).toEqual([5, 8]);
  });

  test('leaves half of the tasks unsolvable by acts alone, and a skill or two open nearly all of them', () => {
    const short = household.settings.parse({ horizon: 4, plan: 7, rooms: 2, receptacles: 5, objects: 2 });
    const success = (...plans: string[][]) => attainable(household, short, skillsOf(...plans)).success;
    expect(success()).toBeGreaterThan(0.35);
    expect(success()).toBeLessThan(0.5);
    expect(success(takeAndGo)).toBeGreaterThan(0.75);
    expect(success(takeAndGo, openAndPut)).toBeGreaterThan(0.9);
  });

  test('of one room is opened by taking out of, and putting into, what has a door', () => {
    const short = household.settings.parse({ horizon: 3, plan: 7, rooms: 1, receptacles: 5, objects: 2 });
    const success = (...plans: string[][]) => attainable(household, short, skillsOf(...plans)).success;
    expect(success()).toBeLessThan(0.5);
    expect(success(openAndTake, openAndPut)).toBe(1);
  });

  test('stays small with three skills', () => {
    const short = household.settings.parse({ horizon: 4, plan: 7, rooms: 2, receptacles: 5, objects: 2 });
    const skills = skillsOf(takeAndGo, openAndPut, ['take {a} from the {b}', 'heat {a} with the {c}']);
    const { states, edges } = attainable(household, short, skills);
    expect(states).toBeLessThan(1500);
    expect(edges).toBeLessThan(8000);
  });

  test('gives a skill one step, and leads where its acts lead', () => {
    const goTo = 'go to the kitchen with the stove, fridge, sink, desk, cabinet';
    const world = householdWorld(goal, { ...studio, rooms: ['kitchen', 'study'], startRoom: 1 }, 3);
    const { composites } = world;
    if (composites === undefined) throw new Error('no skill can be carried out');
    const acted = [goTo, 'open the cabinet'].reduce(
      (state, text) => composites.act(state, { kind: 'act', text }),
      world.initial(),
    );
    expect(acted.step).toBe(0);
    expect(world.items(acted)).toContain('cabinet is open');
    const after = composites.afterStep(acted);
    expect(after).toEqual({ step: 1, situation: acted.situation });
    expect(composites.canStep(composites.afterStep(composites.afterStep(after)))).toBe(false);
    expect(() => composites.act(acted, { kind: 'act', text: 'open the cabinet' })).toThrow(IllegalAct);
  });
});
