import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../graph/buildGraph.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import type { Action, Composite, World } from '../graph/world.ts';
import { NoComposites, withSkills } from './offerSkills.ts';
import { kindOfAct } from './plan.ts';

/** `[place]` the acts that are legal there, by their texts, and where each leads. */
type Places = readonly Readonly<Record<string, number>>[];

interface At {
  readonly step: number;
  readonly place: number;
}

const FINISH: Action = { kind: 'accept', text: 'finish' };

/** A world of numbered places, in which as many steps as `horizon` may be taken. */
function placesWorld(places: Places, horizon: number): World<At> {
  const actsAt = ({ place }: At): Action[] => Object.keys(places[place]).map((text) => ({ kind: 'act', text }));
  const after = ({ step, place }: At, { text }: Action): At => ({ step, place: places[place][text] });
  return {
    initial: () => ({ step: 0, place: 0 }),
    actions: (state) => [...(state.step < horizon ? actsAt(state) : []), FINISH],
    step(state, action) {
      if (action.text !== FINISH.text) return { state: { ...after(state, action), step: state.step + 1 } };
      const key = `at ${state.place}`;
      return { outcome: { key, text: key, items: [key], reward: state.place, solved: state.place > 0 } };
    },
    key: ({ step, place }) => `${step}: ${place}`,
    items: ({ place }) => [`place ${place}`],
    stepOf: ({ step }) => step,
    describe: ({ place }) => `at ${place}`,
    composites: {
      acts: actsAt,
      act: after,
      canStep: ({ step }) => step < horizon,
      afterStep: ({ step, place }) => ({ step: step + 1, place }),
    },
  };
}

const skill = (slot: number, name: string, plan: readonly string[], allows: readonly string[] = []): Composite => ({
  slot,
  name,
  plan,
  allows,
});

/** Place 0 has two things to take; what is taken can be put on one of two desks. */
const HOUSE: Places = [
  { 'take mug': 1, 'take red pan': 2, 'wait here': 0, 'go round': 7 },
  { 'put mug on desk': 3, 'put mug on big desk': 4, 'drop mug': 0 },
  { 'put red pan on desk': 5, 'drop red pan': 0 },
  { 'open desk': 6 },
  {},
  {},
  {},
  { 'go round': 0 },
];
const start: At = { step: 0, place: 0 };
const skillsOf = (world: World<At>, state: At): readonly Action[] =>
  world.actions(state).filter(({ kind }) => kind === 'skill');
const textsOf = (world: World<At>, state: At): readonly string[] => skillsOf(world, state).map(({ text }) => text);

describe('a world with skills', () => {
  const carry = skill(3, 'carry', ['take {a}', 'put {a} on {b}']);
  const house = placesWorld(HOUSE, 2);

  test('offers each legal binding once, after its own actions, as one step', () => {
    const world = withSkills(house, [carry]);
    const own = house.actions(start).length;
    expect(world.actions(start).slice(0, own)).toEqual(house.actions(start));
    expect(world.actions(start).slice(own)).toEqual([
      { kind: 'skill', slot: 3, text: 'carry: take mug, then put mug on desk' },
      { kind: 'skill', slot: 3, text: 'carry: take mug, then put mug on big desk' },
      { kind: 'skill', slot: 3, text: 'carry: take red pan, then put red pan on desk' },
    ]);
    const [first] = skillsOf(world, start);
    expect(world.step(start, first)).toEqual({ state: { step: 1, place: 3 } });
  });

  test('carries out nothing that it does not offer', () => {
    const world = withSkills(house, [carry]);
    const unknown: Action = { kind: 'skill', slot: 3, text: 'carry: take mug, then put red pan on desk' };
    expect(() => world.step(start, unknown)).toThrow(RangeError);
    expect(world.step(start, { kind: 'act', text: 'take mug' })).toEqual({ state: { step: 1, place: 1 } });
    expect(world.step(start, FINISH)).toEqual(house.step(start, FINISH));
  });

  test('offers a skill only where a step is left', () => {
    const world = withSkills(house, [carry]);
    expect(textsOf(world, { step: 1, place: 0 })).toHaveLength(3);
    expect(textsOf(world, { step: 2, place: 0 })).toEqual([]);
  });

  test('offers nothing that leads back to where it began', () => {
    const idle = skill(0, 'idle', ['take {a}', 'drop {a}']);
    const stay = skill(1, 'stay', ['wait here']);
    const round = skill(2, 'round', ['go round', 'go round']);
    expect(textsOf(withSkills(house, [idle, stay, round]), start)).toEqual([]);
    // Back at 0 is not where it began for who stands at 7.
    expect(textsOf(withSkills(house, [skill(2, 'back', ['go round'])]), { step: 0, place: 7 })).toEqual([
      'back: go round',
    ]);
  });

  test('offers a skill only where the kinds of act that it asks for are allowed', () => {
    const offered = (...allows: string[]) => textsOf(withSkills(house, [{ ...carry, allows }]), start).length;
    expect(offered('take')).toBe(3);
    expect(offered('take', 'go', 'wait')).toBe(3);
    expect(offered('put')).toBe(0);
    expect(offered('take', 'put')).toBe(0);
    expect(offered('tak')).toBe(0);
  });

  test('offers the first 64 bindings of a skill, and of each skill', () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`pick ${i}`, i + 1]));
    const places: Places = [many, ...Array.from({ length: 70 }, () => ({}))];
    const world = withSkills(placesWorld(places, 1), [skill(0, 'a', ['pick {a}']), skill(1, 'b', ['pick {b}'])]);
    const slots = skillsOf(world, start).map(({ slot }) => slot);
    expect(slots.filter((slot) => slot === 0)).toHaveLength(64);
    expect(slots.filter((slot) => slot === 1)).toHaveLength(64);
    expect(textsOf(world, start).slice(62, 65)).toEqual(['a: pick 62', 'a: pick 63', 'b: pick 0']);
    // Two readings of one text are one binding.
    const wide = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`put x on y on ${i}`, i + 1]));
    const twice = withSkills(placesWorld([wide, ...places.slice(1)], 1), [skill(0, 'a', ['put {a} on {b}'])]);
    expect(new Set(textsOf(twice, start)).size).toBe(64);
    // What leads back is none of the 64.
    const idle = withSkills(placesWorld([{ ...many, 'pick 3': 0 }, ...places.slice(1)], 1), [
      skill(0, 'a', ['pick {a}']),
    ]);
    expect(textsOf(idle, start).slice(-1)).toEqual(['a: pick 64']);
  });

  test('is the world itself where there are no skills, and none where acts cannot pass as one step', () => {
    const { composites: _, ...single } = house;
    expect(withSkills(house, [])).toBe(house);
    expect(withSkills(house)).toBe(house);
    expect(withSkills(single, [])).toBe(single);
    expect(() => withSkills(single, [carry])).toThrow(NoComposites);
  });

  test('knows one state from another, however they are asked for', () => {
    const world = withSkills(house, [carry]);
    const [first] = skillsOf(world, start);
    expect(textsOf(world, { step: 0, place: 3 })).toEqual([]);
    expect(world.step(start, first)).toEqual({ state: { step: 1, place: 3 } });
    expect(() => world.step({ step: 0, place: 3 }, first)).toThrow(RangeError);
  });
});

describe('the graph of a world with skills', () => {
  test('has the place of each skill, and an edge for each of two ways to one state', () => {
    const go = { 'go left': 1, 'go right': 1, 'go on': 2 };
    const end = { 'look out': 3 };
    const world = placesWorld([go, end, end, {}], 2);
    const graph = buildGraph(
      'places',
      'look out',
      withSkills(world, [skill(2, 'look', ['go {a}', 'look out']), skill(7, 'see', ['look out'])]),
    );
    const edges = Array.from({ length: graph.outStart[1] }, (_, e) => ({
      text: graph.actionText[graph.action[e]],
      kind: ACTION_KINDS[graph.kind[e]],
      skill: graph.skill[e],
      to: graph.nodeText[graph.target[e]],
    }));
    const lookOut = (where: string) => ({
      text: `look: go ${where}, then look out`,
      kind: 'skill',
      skill: 3,
      to: 'at 3',
    });
    expect(edges).toEqual([
      { text: 'go left', kind: 'act', skill: 0, to: 'at 1' },
      { text: 'go right', kind: 'act', skill: 0, to: 'at 1' },
      { text: 'go on', kind: 'act', skill: 0, to: 'at 2' },
      { text: 'finish', kind: 'accept', skill: 0, to: 'at 0' },
      lookOut('left'),
      lookOut('right'),
      lookOut('on'),
    ]);
    const targets = (of: TaskGraph) => Array.from({ length: of.outStart[1] }, (_, e) => of.target[e]);
    expect(new Set(targets(graph).slice(4)).size).toBe(1);
    expect([...new Set(graph.skill)].sort()).toEqual([0, 3, 8]);
  });
});

describe('what is offered', () => {
  const words = ['x', 'y', 'x y'];
  const act = fc.tuple(fc.constantFrom('go', 'put'), fc.constantFrom(...words), fc.constantFrom('', ...words));
  const places: fc.Arbitrary<Places> = fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc.array(
      fc
        .array(fc.tuple(act, fc.nat({ max: count - 1 })), { maxLength: 4 })
        .map((acts) =>
          Object.fromEntries(
            acts.map(([[kind, a, b], to]) => [b === '' ? `${kind} ${a}` : `${kind} ${a} on ${b}`, to]),
          ),
        ),
      { minLength: count, maxLength: count },
    ),
  );
  const template = fc.constantFrom(
    'go {a}',
    'go {b}',
    'put {a}',
    'put {a} on {b}',
    'go {b} on {a}',
    'put {a} on {a}',
    'go x',
    'go x on {a}',
  );
  const plan = fc.array(template, { minLength: 1, maxLength: 3 });
  const allows = fc.subarray(['go', 'put'], { maxLength: 1 });

  /** Every run of words of the texts that a variable may stand for. */
  const runsOf = (texts: readonly string[]): string[] => [
    ...new Set(
      texts.flatMap((text) => {
        const split = text.split(' ');
        return split.flatMap((_, i) => split.slice(i).map((_, length) => split.slice(i, i + length + 1).join(' ')));
      }),
    ),
  ];

  /** Whether some filling in of the two variables makes these acts of the plan. */
  const isInstance = (templates: readonly string[], acts: readonly string[]): boolean =>
    runsOf(acts).some((a) =>
      runsOf(acts).some((b) => templates.every((one, i) => one.replaceAll('{a}', a).replaceAll('{b}', b) === acts[i])),
    );

  /** Every row of acts from a place that a plan has room for, with where it ends. */
  const rowsFrom = (world: Places, place: number, length: number): { acts: string[]; end: number }[] =>
    length === 0
      ? [{ acts: [], end: place }]
      : Object.entries(world[place]).flatMap(([text, to]) =>
          rowsFrom(world, to, length - 1).map(({ acts, end }) => ({ acts: [text, ...acts], end })),
        );

  test('is what trying every row of acts with every filling finds, and leads where they lead one by one', () => {
    fc.assert(
      fc.property(places, fc.array(fc.tuple(plan, allows), { minLength: 1, maxLength: 2 }), (table, plans) => {
        const composites = plans.map(([templates, kinds], i) => skill(i + 1, `skill-${i}`, templates, kinds));
        const world = withSkills(placesWorld(table, 1), composites);
        for (const place of table.keys()) {
          const kinds = Object.keys(table[place]).map(kindOfAct);
          const expected = composites.flatMap(({ slot, name, plan: templates, allows: needed }) =>
            needed.every((kind) => kinds.includes(kind))
              ? rowsFrom(table, place, templates.length)
                  .filter(({ acts, end }) => end !== place && isInstance(templates, acts))
                  .map(({ acts, end }) => ({ slot, text: `${name}: ${acts.join(', then ')}`, end }))
              : [],
          );
          const offered = skillsOf(world, { step: 0, place }).map((action) => {
            const arrival = world.step({ step: 0, place }, action);
            if (!('state' in arrival)) throw new Error('a skill does not end the task');
            expect(arrival.state.step).toBe(1);
            return { slot: action.slot, text: action.text, end: arrival.state.place };
          });
          expect(offered).toEqual(expected);
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
