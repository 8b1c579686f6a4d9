import { describe, expect, test } from 'vitest';
import { draftOf, skillOf } from './arbitrarySkill.fixture.ts';
import { LibraryFull, NoSuchSkill, PlanRefused } from './library.ts';
import { BadPlan, changeByHand, checkDraft } from './libraryChange.ts';
import { planKey } from './plan.ts';
import type { Library } from './skill.ts';

const source = {
  suite: 'household',
  split: 'train' as const,
  task: 1,
  text: 'put it there',
  actions: ['take mug'],
  first: 0,
  credit: 1,
};
const take = skillOf('take', 1, ['take {a}'], {
  allows: ['go'],
  lineage: { origin: 'lifted', step: 5, parents: [], sources: [source] },
});
const home = skillOf('home', 0, ['go home']);
const library: Library = { skills: [home, take], forbidden: ['go out'] };
const lineage = { origin: 'manual', step: 40, parents: [], sources: [] };

describe('a change by hand', () => {
  test('adds a skill of the person’s own', () => {
    const { library: next, skill } = changeByHand(
      library,
      { kind: 'add', draft: draftOf('open', ['open {a}']) },
      40,
      4,
    );
    expect(skill).toEqual({ ...skillOf('open', 2, ['open {a}']), lineage });
    expect(next).toEqual({ ...library, skills: [home, take, skill] });
  });

  test('edits a skill, which then comes from what it was and keeps the stretches it was lifted from', () => {
    const draft = draftOf('take-it', ['take the {a}']);
    const { library: next, skill } = changeByHand(library, { kind: 'edit', name: 'take', draft }, 40, 4);
    expect(skill).toEqual({
      ...skillOf('take-it', 1, ['take the {a}'], { version: 2 }),
      lineage: { ...lineage, parents: ['take'], sources: [source] },
    });
    expect(next).toEqual({ ...library, skills: [home, skill] });
  });

  test('removes a skill, and forbids its plan where that is asked for', () => {
    const gone = changeByHand(library, { kind: 'remove', name: 'take', forbid: false }, 40, 4);
    expect(gone).toEqual({ library: { ...library, skills: [home] }, skill: take });
    const forbidden = changeByHand(library, { kind: 'remove', name: 'take', forbid: true }, 40, 4);
    const key = planKey(take.plan, take.allows);
    expect(forbidden.library).toEqual({ skills: [home], forbidden: ['go out', key] });
    // The plan with its condition is forbidden, under whatever names of its variables.
    const again = (allows: readonly string[]) =>
      changeByHand(forbidden.library, { kind: 'add', draft: draftOf('take', ['take {b}'], { allows }) }, 41, 4);
    expect(() => again(['go'])).toThrow(PlanRefused);
    expect(again([]).skill?.name).toBe('take');
    const allowed = changeByHand(forbidden.library, { kind: 'allow', plan: key }, 41, 4);
    expect(allowed).toEqual({ library: { skills: [home], forbidden: ['go out'] }, skill: null });
  });

  test('pins a skill and lets it go', () => {
    const pinned = changeByHand(library, { kind: 'pin', name: 'take', pinned: true }, 40, 4);
    expect(pinned.skill).toEqual({ ...take, pinned: true });
    expect(pinned.library).toEqual({ ...library, skills: [home, pinned.skill] });
    expect(changeByHand(pinned.library, { kind: 'pin', name: 'take', pinned: false }, 40, 4).library).toEqual(library);
  });

  test('is refused where it cannot be made', () => {
    const by =
      (change: Parameters<typeof changeByHand>[1], slots = 4) =>
      () =>
        changeByHand(library, change, 40, slots);
    const draft = draftOf('open', ['open {a}']);
    expect(by({ kind: 'add', draft }, 2)).toThrow(LibraryFull);
    expect(by({ kind: 'add', draft: draftOf('x', ['go home']) })).toThrow(PlanRefused);
    expect(by({ kind: 'add', draft: draftOf('x', ['go out']) })).toThrow(PlanRefused);
    expect(by({ kind: 'add', draft: draftOf('x', ['{a} x']) })).toThrow(BadPlan);
    expect(by({ kind: 'edit', name: 'home', draft: draftOf('x', ['{a} x']) })).toThrow(BadPlan);
    for (const change of [
      { kind: 'edit', name: 'open', draft },
      { kind: 'remove', name: 'open', forbid: true },
      { kind: 'pin', name: 'open', pinned: true },
    ] as const) {
      expect(by(change)).toThrow(NoSuchSkill);
    }
    // An edit needs no free place.
    expect(by({ kind: 'edit', name: 'home', draft }, 2)).not.toThrow();
  });
});

describe('a draft that a person wrote', () => {
  test('has its defaults filled in', () => {
    expect(checkDraft({ name: 'open', plan: ['open {a}'] })).toEqual(draftOf('open', ['open {a}']));
  });

  test.each([
    [{ name: 'Open It', plan: ['open'] }, /^name: lower-case letters/],
    [{ name: 'open', plan: [] }, /^plan: /],
    [{ name: 'open', plan: ['open', ''] }, /^plan\.1: /],
    [{ name: 'open', plan: ['open'], allows: ['go home'] }, /^allows\.0: a word: a kind of act\.$/],
    [{ name: 'open', plan: ['open', 'take {a} {b}'] }, /^Line 2 of the plan, "take \{a\} \{b\}": between two/],
    [{ name: 'open', plan: ['open'], slot: 3 }, /^The skill: Unrecognized key: "slot"\.$/],
    ['open', /^The skill: Invalid input: expected object/],
  ])('is refused with the place and the fault: %j', (draft, fault) => {
    expect(() => checkDraft(draft)).toThrow(BadPlan);
    expect(() => checkDraft(draft)).toThrow(fault);
  });
});
