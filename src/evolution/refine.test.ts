import { describe, expect, test } from 'vitest';
import { skillOf } from '../skills/arbitrarySkill.fixture.ts';
import { planKey } from '../skills/plan.ts';
import type { Library, Skill } from '../skills/skill.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import { actsOf, refinementsOf } from './refine.ts';
import { diagnosticsOf, estimate, settingsOf, taskOf, walkOf } from './walk.fixture.ts';
import type { CreditedWalk } from './walks.ts';
import type { Verdict } from './what.ts';

const what = settingsOf({ what: { leastVisits: 4 } }).what;
const NONE: ReadonlySet<string> = new Set();
const source = { suite: 's', split: 'train' as const, task: 0, text: 't', actions: [], first: 0, credit: 1 };

const carry = skillOf('carry', 2, ['take {a}', 'heat {a}'], {
  lineage: { origin: 'lifted', step: 5, parents: [], sources: [source] },
});

interface Given {
  readonly skill?: Skill;
  readonly walks?: readonly CreditedWalk[];
  readonly diagnostics?: Partial<SkillDiagnostics>;
  readonly verdict?: Verdict;
  readonly known?: ReadonlySet<string>;
}

function refined({ skill = carry, walks = [], diagnostics = {}, verdict = 'refine', known = NONE }: Given) {
  const library: Library = { skills: [skillOf('home', 0, ['go home']), skill], forbidden: [] };
  const judgement = { slot: skill.slot, verdict, streak: { condemned: 0, unvisited: 0 } };
  return refinementsOf([judgement], [diagnosticsOf(skill.slot, diagnostics)], walks, library, known, what);
}

const situation = (name: string, visits: number, low: number, mean: number, high: number) => ({
  situation: name,
  visits,
  g: estimate(low, mean, high),
});

const solved = { solved: true, reward: 1 };
/** A solved walk that carries a thing, is followed by an act, and ends. */
const carried = (task: number, thing: string, next: string, rest = solved): CreditedWalk =>
  walkOf(
    taskOf(task),
    [
      { action: 'go round' },
      { action: `carry: take ${thing}, then heat ${thing}`, kind: 'skill', slot: 2, credit: 1 },
      { action: next, credit: 0.5 },
      { action: 'finish', kind: 'accept' },
    ],
    rest,
  );

describe('a skill that is split', () => {
  const paysAndCosts = [
    situation('go, take', 9, 0.1, 0.5, 1),
    situation('heat, take', 9, 0.1, 0.75, 1),
    situation('open', 9, -1, -0.25, -0.1),
  ];

  test('is offered where it pays most, and comes from where it came', () => {
    const [split, ...more] = refined({ diagnostics: { bySituation: paysAndCosts } });
    expect(more).toEqual([]);
    expect(split).toMatchObject({
      kind: 'split',
      skill: carry,
      sources: [source],
      reason: 'It pays where one can heat, take (g 0.75) and costs where one can open (g -0.25).',
    });
    expect(split.draft).toMatchObject({ name: 'carry', plan: carry.plan, allows: ['heat', 'take'] });
    expect(split.diagnostics.slot).toBe(2);
  });

  test.each([
    ['pays nowhere for sure', [situation('take', 9, -0.1, 0.5, 1), paysAndCosts[2]]],
    ['costs nowhere for sure', [paysAndCosts[0], situation('open', 9, -1, -0.5, 0)]],
    ['is seldom seen to cost', [paysAndCosts[0], situation('open', 3, -1, -0.5, -0.1)]],
    ['is seldom seen to pay', [situation('take', 3, 0.1, 0.5, 1), paysAndCosts[2]]],
  ])('is none that %s', (_, bySituation) => {
    expect(refined({ diagnostics: { bySituation } })).toEqual([]);
  });

  test('is kept away from where it costs: a state that allows more than is asked for would still offer it', () => {
    const costly = situation('go, take', 9, -1, -0.5, -0.1);
    // `take` holds wherever one can go and take, so it would keep the skill away from nothing.
    expect(refined({ diagnostics: { bySituation: [situation('take', 9, 0.1, 0.9, 1), costly] } })).toEqual([]);
    const bySituation = [situation('take', 9, 0.1, 0.9, 1), situation('heat, take', 9, 0.1, 0.5, 1), costly];
    const [split] = refined({ diagnostics: { bySituation } });
    expect(split.draft.allows).toEqual(['heat', 'take']);
    expect(split.reason).toBe('It pays where one can heat, take (g 0.50) and costs where one can go, take (g -0.50).');
  });

  test('is extended where the split is known', () => {
    const known = new Set([planKey(carry.plan, ['heat', 'take'])]);
    const walks = [carried(0, 'mug', 'put mug'), carried(1, 'pan', 'put pan')];
    const kinds = (of: ReadonlySet<string>) =>
      refined({ walks, known: of, diagnostics: { bySituation: paysAndCosts } }).map(({ kind }) => kind);
    expect(kinds(NONE)).toEqual(['split']);
    expect(kinds(known)).toEqual(['refine']);
  });
});

describe('a skill that is extended', () => {
  test('does the act too that most often followed it on solved walks', () => {
    const walks = [
      carried(0, 'mug', 'put mug on the desk'),
      carried(1, 'red pan', 'put red pan on the desk'),
      carried(2, 'lid', 'open the door'),
      carried(3, 'cup', 'open the door', { solved: false, reward: 0 }),
      carried(4, 'jar', 'open the door', { solved: false, reward: 0 }),
    ];
    const [extended, ...more] = refined({ walks });
    expect(more).toEqual([]);
    expect(extended).toMatchObject({
      kind: 'refine',
      skill: carry,
      reason: 'On solved walks "put" followed it 2 times.',
    });
    expect(extended.draft).toMatchObject({ plan: ['take {a}', 'heat {a}', 'put {a} on the desk'], allows: [] });
    // In the place of its step stand its acts, from the second on: all that the new plan covers.
    expect(extended.sources).toEqual([
      {
        suite: 'made',
        split: 'train',
        task: 0,
        text: 'task 0',
        actions: ['go round', 'take mug', 'heat mug', 'put mug on the desk', 'finish'],
        first: 1,
        credit: 1.5,
      },
      expect.objectContaining({
        task: 1,
        actions: expect.arrayContaining(['heat red pan', 'put red pan on the desk']),
      }),
    ]);
  });

  test('keeps its condition', () => {
    const [extended] = refined({ skill: { ...carry, allows: ['go'] }, walks: [carried(0, 'mug', 'put mug')] });
    expect(extended.draft.allows).toEqual(['go']);
  });

  test('lifts equal stretches once, and of two acts that followed as often takes the first by its name', () => {
    const walks = [carried(0, 'mug', 'put mug'), carried(1, 'mug', 'put mug'), carried(2, 'pan', 'open it')];
    const [extended] = refined({ walks });
    expect(extended.draft.plan).toEqual(['take mug', 'heat mug', 'put mug']);
    expect(extended.sources).toHaveLength(1);
    expect(extended.reason).toBe('On solved walks "put" followed it 2 times.');
    const [first] = refined({ walks: walks.slice(1) });
    expect(first.draft.plan.at(-1)).toBe('open it');
  });

  test('is none that nothing followed, or another skill, or the end', () => {
    const next = (step: Partial<CreditedWalk['steps'][number]>) => {
      const walk = carried(0, 'mug', 'put mug');
      return [{ ...walk, steps: walk.steps.map((one, i) => (i === 2 ? { ...one, ...step } : one)) }];
    };
    expect(refined({ walks: next({ kind: 'skill', slot: 0 }) })).toEqual([]);
    expect(refined({ walks: next({ kind: 'accept' }) })).toEqual([]);
    expect(
      refined({ walks: [{ ...carried(0, 'mug', 'x'), steps: carried(0, 'mug', 'x').steps.slice(0, 2) }] }),
    ).toEqual([]);
    expect(refined({})).toEqual([]);
  });

  test('does eight acts at most', () => {
    const of = (acts: number) => {
      const long = skillOf(
        'carry',
        2,
        Array.from({ length: acts }, (_, i) => `do ${i}`),
      );
      const action = `carry: ${long.plan.join(', then ')}`;
      const walk = walkOf(taskOf(0), [{ action, kind: 'skill', slot: 2 }, { action: 'put it' }], solved);
      return refined({ skill: long, walks: [walk] }).map(({ draft }) => draft.plan.length);
    };
    expect(of(7)).toEqual([8]);
    expect(of(8)).toEqual([]);
  });

  test('is none that is known', () => {
    const known = new Set([planKey(['take {x}', 'heat {x}', 'put {x}'])]);
    const walks = [carried(0, 'mug', 'put mug'), carried(1, 'pan', 'put pan')];
    expect(refined({ walks })).toHaveLength(1);
    expect(refined({ walks, known })).toEqual([]);
  });
});

describe('refinements', () => {
  test.each<Verdict>(['retain', 'condemned', 'unvisited', 'young'])(
    'are none of a skill that is judged %s',
    (verdict) => {
      expect(refined({ verdict, walks: [carried(0, 'mug', 'put mug')] })).toEqual([]);
    },
  );

  test('are none that no document of a skill may hold', () => {
    const long = (length: number) => refined({ walks: [carried(0, 'mug', `put ${'x'.repeat(length)}`)] });
    expect(long(196)).toHaveLength(1);
    expect(long(197)).toEqual([]);
    const bySituation = (kinds: number) => [
      situation(Array.from({ length: kinds }, (_, i) => `do${i}`).join(', '), 9, 0.1, 0.5, 1),
      situation('open', 9, -1, -0.5, -0.1),
    ];
    expect(refined({ diagnostics: { bySituation: bySituation(16) } })).toHaveLength(1);
    expect(refined({ diagnostics: { bySituation: bySituation(17) } })).toEqual([]);
  });

  test('read the acts of a skill from its action', () => {
    expect(actsOf('carry: take mug, then heat mug', 'carry')).toEqual(['take mug', 'heat mug']);
    expect(actsOf('go-on: go on', 'go-on')).toEqual(['go on']);
  });
});
