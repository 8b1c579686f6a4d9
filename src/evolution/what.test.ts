import { describe, expect, test } from 'vitest';
import { addSkill, pinSkill } from '../skills/library.ts';
import type { Library } from '../skills/skill.ts';
import { EMPTY_LIBRARY } from '../skills/skill.ts';
import { randomSource } from '../worlds/random.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import type { Control } from './settings.ts';
import { diagnosticsOf, estimate, settingsOf, tableGraph, withSlots } from './walk.fixture.ts';
import type { Streak, Verdict } from './what.ts';
import { judge, nearDuplicates, sameness, suspectsOf } from './what.ts';

const what = settingsOf({ what: { leastVisits: 8, phases: 2, unvisited: 3, retainG: 0, retainJ: 1, same: 0.5 } }).what;
const NOBODY: ReadonlySet<number> = new Set();

const below = { lambda: estimate(-2, -1, -0.1), g: estimate(-2, -1, -0.1) };
const unused = { visits: 0, G: null, J: null, lambda: null, g: null };

function judged(
  diagnostics: readonly SkillDiagnostics[],
  { before = new Map<number, Streak>(), pinned = NOBODY, control = 'flow' as Control, settings = what, seed = 1 } = {},
): readonly Verdict[] {
  return judge(diagnostics, before, pinned, settings, control, randomSource(seed)).map(({ verdict }) => verdict);
}

describe('the verdict on a skill', () => {
  test.each<[string, Partial<SkillDiagnostics>, Verdict]>([
    ['pays evenly', { G: estimate(0.1), J: estimate(1) }, 'retain'],
    ['pays as much as is asked for', { G: estimate(0), J: estimate(0) }, 'retain'],
    ['pays too little', { G: estimate(-0.1), J: estimate(0) }, 'refine'],
    ['pays unevenly', { G: estimate(0.1), J: estimate(1.1) }, 'refine'],
    ['has too few visits', { visits: 7 }, 'young'],
    ['has just enough visits', { visits: 8 }, 'retain'],
    ['was not used', unused, 'young'],
    ['was condemned for the first time', below, 'retain'],
  ])('that %s', (_, fields, verdict) => {
    expect(judged([diagnosticsOf(0, fields)])).toEqual([verdict]);
  });

  test('holds it against the median of the library where that is asked for', () => {
    const settings = settingsOf({ what: { retainG: 'median' } }).what;
    const of = (...values: (number | null)[]) =>
      judged(
        values.map((value, i) => diagnosticsOf(i, value === null ? unused : { G: estimate(value) })),
        { settings },
      );
    expect(of(-3, -1, -2)).toEqual(['refine', 'retain', 'retain']);
    expect(of(-3, -1, -2, -4)).toEqual(['refine', 'retain', 'retain', 'refine']);
    expect(of(null, -1, null)).toEqual(['young', 'retain', 'young']);
    expect(of(null)).toEqual(['young']);
  });
});

describe('a streak', () => {
  const next = (fields: Partial<SkillDiagnostics>, streak?: Streak, pinned = NOBODY) => {
    const before = new Map(streak ? [[4, streak]] : []);
    return judge([diagnosticsOf(4, fields)], before, pinned, what, 'flow', randomSource(1))[0];
  };

  test('of condemnations ends in condemnation', () => {
    expect(next(below)).toEqual({ slot: 4, verdict: 'retain', streak: { condemned: 1, unvisited: 0 } });
    expect(next(below, { condemned: 1, unvisited: 2 })).toEqual({
      slot: 4,
      verdict: 'condemned',
      streak: { condemned: 2, unvisited: 0 },
    });
  });

  test.each<[string, Partial<SkillDiagnostics>]>([
    ['Lambda~ may not be below 0', { ...below, lambda: estimate(-2, -1, 0) }],
    ['g may not be below 0', { ...below, g: estimate(-2, -1, 0) }],
    ['there are too few visits', { ...below, visits: 7 }],
    ['nobody used it', unused],
  ])('of condemnations ends where %s', (_, fields) => {
    const { verdict, streak } = next(fields, { condemned: 9, unvisited: 0 });
    expect(streak.condemned).toBe(0);
    expect(verdict).not.toBe('condemned');
  });

  test('of phases without a visit ends in a trial without it, and a single visit ends the streak', () => {
    expect(next(unused, { condemned: 0, unvisited: 1 })).toMatchObject({ verdict: 'young', streak: { unvisited: 2 } });
    expect(next(unused, { condemned: 0, unvisited: 2 })).toMatchObject({
      verdict: 'unvisited',
      streak: { unvisited: 3 },
    });
    expect(next({ visits: 1 }, { condemned: 0, unvisited: 9 }).streak).toEqual({ condemned: 0, unvisited: 0 });
  });

  test('goes on for a skill that a person keeps, and nothing comes of it', () => {
    const pinned = new Set([4]);
    expect(next(below, { condemned: 8, unvisited: 0 }, pinned)).toMatchObject({
      verdict: 'retain',
      streak: { condemned: 9 },
    });
    expect(next(unused, { condemned: 0, unvisited: 8 }, pinned)).toMatchObject({
      verdict: 'young',
      streak: { unvisited: 9 },
    });
  });
});

describe('a control', () => {
  const many = Array.from({ length: 5 }, (_, i) => diagnosticsOf(i));
  const long = new Map([[0, { condemned: 9, unvisited: 9 }]]);

  test('by the published rule condemns at once whose Lambda~ is below 0 on the mean', () => {
    const published = [
      diagnosticsOf(0, { lambda: estimate(-5, -0.1, 5), g: estimate(9) }),
      diagnosticsOf(1, { lambda: estimate(-5, 0, 5) }),
      diagnosticsOf(2, { lambda: estimate(-5, -0.1, 5), visits: 1 }),
      diagnosticsOf(3, unused),
      diagnosticsOf(4, below),
    ];
    const verdicts = ['condemned', 'retain', 'condemned', 'young', 'retain'];
    expect(judged(published, { control: 'paper-prune', pinned: new Set([4]) })).toEqual(verdicts);
    expect(judged([diagnosticsOf(0, unused)], { control: 'paper-prune', before: long })).toEqual(['young']);
  });

  test('by the published rule never condemns a skill that has no other beside it', () => {
    const alone = [diagnosticsOf(0, { lambda: estimate(-5, -3, -1) })];
    expect(judged(alone, { control: 'paper-prune' })).toEqual(['retain']);
    // Nobody used the second, so there is nothing of it to compare with.
    expect(judged([...alone, diagnosticsOf(1, unused)], { control: 'paper-prune' })).toEqual(['retain', 'young']);
    expect(judged([...alone, diagnosticsOf(1)], { control: 'paper-prune' })[0]).toBe('condemned');
  });

  test('by lot condemns one, by the seed, and never one that a person keeps', () => {
    const victims = Array.from({ length: 40 }, (_, seed) => {
      const verdicts = judged(many, { control: 'random-prune', pinned: new Set([1, 3]), seed });
      expect(verdicts.filter((verdict) => verdict === 'condemned')).toHaveLength(1);
      return verdicts.indexOf('condemned');
    });
    expect([...new Set(victims)].sort()).toEqual([0, 2, 4]);
    expect(judged(many, { control: 'random-prune', pinned: new Set([0, 1, 2, 3, 4]) })).not.toContain('condemned');
    expect(judged([], { control: 'random-prune' })).toEqual([]);
    expect(judged([diagnosticsOf(0, below), many[1]], { control: 'random-prune', before: long, seed: 3 })).toHaveLength(
      2,
    );
  });

  test.each<Control>(['flow', 'schedule', 'random-place', 'no-gate', 'uniform-credit'])(
    'of another part of evolution judges as the flow does: %s',
    (control) => {
      const one = diagnosticsOf(0, below);
      expect(judged([one], { control, before: new Map([[0, { condemned: 1, unvisited: 0 }]]) })).toEqual(['condemned']);
      expect(judged([one], { control })).toEqual(['retain']);
    },
  );
});

describe('how far two skills are one', () => {
  // State 0 leads to 1 by edges 0, 1, 2 and to 2 by 3, 4; 1 to 2 by 5, 6.
  const graph = tableGraph({ moves: [[1, 1, 1, 2, 2], [2, 2], [~0]], rewards: [1] });

  test('is the share of the ways from state to state that both go', () => {
    // Skill 0 leads 0 -> 1 twice and 1 -> 2, skill 3 leads 0 -> 1 and 0 -> 2: one way of three in common.
    const both = withSlots(graph, [
      [0, 0],
      [1, 0],
      [5, 0],
      [2, 3],
      [3, 3],
    ]);
    expect(sameness([both], 0, 3)).toBeCloseTo(1 / 3, 12);
    expect(sameness([both], 3, 0)).toBeCloseTo(1 / 3, 12);
    expect(sameness([both], 0, 0)).toBe(1);
  });

  test('is counted over all graphs, each with its own states', () => {
    const alike = withSlots(graph, [
      [0, 0],
      [2, 3],
    ]);
    const apart = withSlots(graph, [
      [0, 0],
      [4, 3],
    ]);
    expect(sameness([alike], 0, 3)).toBe(1);
    expect(sameness([apart], 0, 3)).toBe(0);
    // One way of three: 0 -> 1 of the first graph; of the second, 0 -> 1 and 0 -> 2 by one skill each.
    expect(sameness([alike, apart], 0, 3)).toBeCloseTo(1 / 3, 12);
  });

  test('is 0 where neither is offered, and where one alone is', () => {
    expect(sameness([graph], 0, 3)).toBe(0);
    expect(sameness([], 0, 3)).toBe(0);
    expect(sameness([withSlots(graph, [[0, 0]])], 0, 3)).toBe(0);
  });

  test('makes near-duplicates of pairs, the earlier of which is kept', () => {
    const three = withSlots(graph, [
      [0, 1],
      [3, 1],
      [1, 4],
      [4, 4],
      [2, 6],
    ]);
    expect(nearDuplicates([three], [1, 4, 6], what)).toEqual([
      { kept: 1, dropped: 4, sameness: 1 },
      { kept: 1, dropped: 6, sameness: 0.5 },
      { kept: 4, dropped: 6, sameness: 0.5 },
    ]);
    const strict = settingsOf({ what: { same: 0.9 } }).what;
    expect(nearDuplicates([three], [1, 4, 6], strict)).toEqual([{ kept: 1, dropped: 4, sameness: 1 }]);
    // Of skills that have nothing in common nothing is asked for.
    const any = settingsOf({ what: { same: 0 } }).what;
    expect(nearDuplicates([three], [1, 7], any)).toEqual([]);
  });
});

describe('whose removal is tried', () => {
  const draft = { description: '', pitfall: '', constraint: '', allows: [] };
  const lineage = { origin: 'lifted' as const, step: 10, parents: [], sources: [] };
  const library = ['a', 'b', 'c'].reduce(
    (made: Library, name) => addSkill(made, { ...draft, name, plan: [`go ${name}`, 'take it'], lineage }, 4),
    EMPTY_LIBRARY,
  );
  const judged = (verdicts: readonly Verdict[]) =>
    verdicts.map((verdict, slot) => ({ slot, verdict, streak: { condemned: 0, unvisited: 3 } }));
  const shares = [0.3, 0.015, 0.01].map((flowShare, slot) => diagnosticsOf(slot, { flowShare }));
  const suspects = (
    verdicts: readonly Verdict[],
    { control = 'flow' as Control, resting = [] as string[], step = 20, of = library } = {},
  ) =>
    suspectsOf(judged(verdicts), shares, of, [], new Set(resting), { ...settingsOf(), control }, step).map(
      ({ slot, kind }) => [slot, kind],
    );

  test('is what is condemned or unused, and then nothing is doubted', () => {
    expect(suspects(['condemned', 'retain', 'unvisited'])).toEqual([
      [0, 'prune'],
      [2, 'prune'],
    ]);
  });

  test('is else the least used of what is hardly used, if it is older than this phase', () => {
    expect(suspects(['retain', 'retain', 'refine'])).toEqual([[2, 'prune']]);
    expect(suspects(['retain', 'retain', 'refine'], { step: 10 })).toEqual([]);
  });

  test('is never what rests or what a person keeps', () => {
    expect(suspects(['retain', 'retain', 'refine'], { resting: ['c'] })).toEqual([[1, 'prune']]);
    expect(
      suspects(['condemned', 'retain', 'retain'], { of: pinSkill(library, 'a', true), resting: ['b', 'c'] }),
    ).toEqual([]);
  });

  test('is by the controls what they condemn alone', () => {
    for (const control of ['paper-prune', 'random-prune'] as const) {
      expect(suspects(['retain', 'retain', 'retain'], { control })).toEqual([]);
      expect(suspects(['retain', 'condemned', 'retain'], { control })).toEqual([[1, 'prune']]);
    }
  });
});
