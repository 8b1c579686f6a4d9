import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryLibrary, arbitraryName, draftOf, skillOf } from './arbitrarySkill.fixture.ts';
import {
  addSkill,
  compositesOf,
  differenceOf,
  findSkill,
  freeName,
  LibraryFull,
  NoSuchSkill,
  PlanRefused,
  pinSkill,
  removeSkill,
  replaceSkill,
  undone,
  withStatistics,
} from './library.ts';
import { planKey } from './plan.ts';
import type { Library, Skill, SkillStatistics } from './skill.ts';
import { EMPTY_LIBRARY, librarySchema } from './skill.ts';

const lineage = { origin: 'lifted' as const, step: 7, parents: [], sources: [] };
const written = (name: string, plan: readonly string[], allows: readonly string[] = []) => ({
  ...draftOf(name, plan, { allows }),
  lineage,
});
const statistics: SkillStatistics = { step: 9, visits: 1, flowShare: 0.5, G: null, J: null, lambda: null, g: null };

const some: Library = {
  skills: [
    skillOf('home', 0, ['go home'], { version: 3, pinned: true, statistics }),
    skillOf('take', 2, ['take {a}'], { version: 2 }),
  ],
  forbidden: [planKey(['go out'])],
};

describe('a skill that is added', () => {
  test('takes the lowest free place, as its first version', () => {
    const one = addSkill(some, written('open', ['open {a}']), 4);
    expect(one.skills.map(({ name, slot }) => [name, slot])).toEqual([
      ['home', 0],
      ['open', 1],
      ['take', 2],
    ]);
    expect(one.skills[1]).toEqual({
      ...written('open', ['open {a}']),
      slot: 1,
      version: 1,
      statistics: null,
      pinned: false,
    });
    const two = addSkill(one, written('close', ['close {a}']), 4);
    expect(findSkill(two, 'close').slot).toBe(3);
    expect(() => addSkill(two, written('put', ['put {a}']), 4)).toThrow(LibraryFull);
    expect(some.skills).toHaveLength(2);
  });

  test('has a name and a plan of its own, and not a forbidden one', () => {
    expect(addSkill(some, written('take', ['take {a} now']), 4).skills[1].name).toBe('take-2');
    expect(() => addSkill(some, written('x', ['take {b}']), 4)).toThrow(/it is that of "take"/);
    expect(() => addSkill(some, written('x', ['go out']), 4)).toThrow(/was forbidden/);
    // With another condition it is another plan.
    expect(addSkill(some, written('x', ['take {b}'], ['go']), 4).skills).toHaveLength(3);
    expect(addSkill(some, written('x', ['go out'], ['go']), 4).skills).toHaveLength(3);
  });
});

describe('a name that is free', () => {
  test('has the next number after it, and room for it', () => {
    expect(freeName(some, 'open')).toBe('open');
    const more = { ...some, skills: [...some.skills, skillOf('take-2', 3, ['take'])] };
    expect(freeName(more, 'take')).toBe('take-3');
    const long = `${'a'.repeat(61)}-bc`;
    const full = { ...some, skills: [skillOf(long, 0, ['go'])] };
    expect(freeName(full, long)).toBe(`${'a'.repeat(61)}-2`);
  });

  test('is valid and nobody’s, whatever the library', () => {
    const names = fc.array(
      fc.oneof(
        arbitraryName,
        fc.constant('a'.repeat(64)),
        fc.constant(`${'a'.repeat(62)}-2`),
        fc.constant(`${'a'.repeat(62)}-3`),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(names, (wanted) => {
        const library = wanted.reduce((made: Library, name, i) => addSkill(made, written(name, [`do ${i}`]), 8), {
          skills: [],
          forbidden: [],
        });
        expect(new Set(library.skills.map(({ name }) => name)).size).toBe(wanted.length);
        expect(librarySchema.parse(library)).toEqual(library);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('a skill that is there', () => {
  test('is found by its name, or the error says which there are', () => {
    expect(findSkill(some, 'take')).toBe(some.skills[1]);
    expect(() => findSkill(some, 'tak')).toThrow(new NoSuchSkill('tak', some));
    expect(() => findSkill(some, 'tak')).toThrow('The library has no skill "tak"; it has home, take.');
    expect(() => findSkill({ ...some, skills: [] }, 'tak')).toThrow('it has none.');
  });

  test('that is removed leaves its place free', () => {
    const rest = removeSkill(some, 'home');
    expect(rest).toEqual({ ...some, skills: [some.skills[1]] });
    expect(addSkill(rest, written('open', ['open {a}']), 4).skills.map(({ slot }) => slot)).toEqual([0, 2]);
    expect(() => removeSkill(some, 'open')).toThrow(NoSuchSkill);
  });

  test('that is replaced keeps its place and its pin, and is a new version of which nothing is known', () => {
    const next = replaceSkill(some, 'home', written('open', ['open {a}']));
    expect(next.skills[0]).toEqual({
      ...written('open', ['open {a}']),
      slot: 0,
      version: 4,
      statistics: null,
      pinned: true,
    });
    expect(next.skills[1]).toBe(some.skills[1]);
    // Its own name and its own plan are free for it, those of others are not.
    expect(replaceSkill(some, 'take', written('take', ['take {z}'])).skills[1].name).toBe('take');
    expect(replaceSkill(some, 'take', written('home', ['take {z}'])).skills[1].name).toBe('home-2');
    expect(() => replaceSkill(some, 'take', written('take', ['go home']))).toThrow(PlanRefused);
    expect(() => replaceSkill(some, 'take', written('take', ['go out']))).toThrow(PlanRefused);
    expect(() => replaceSkill(some, 'open', written('take', ['go on']))).toThrow(NoSuchSkill);
  });

  test('is pinned and let go', () => {
    const pinned = pinSkill(some, 'take', true);
    expect(pinned.skills).toEqual([some.skills[0], { ...some.skills[1], pinned: true }]);
    expect(pinSkill(pinned, 'take', false)).toEqual(some);
    expect(() => pinSkill(some, 'open', true)).toThrow(NoSuchSkill);
  });

  test('keeps what was last measured of it where nothing new was', () => {
    const next = { ...statistics, visits: 5 };
    const measured = withStatistics(some, new Map([[2, next]]));
    expect(measured.skills.map((skill) => skill.statistics)).toEqual([statistics, next]);
  });

  test('is to the executor a place, a name, a plan and a condition', () => {
    expect(compositesOf(some)).toEqual([
      { slot: 0, name: 'home', plan: ['go home'], allows: [] },
      { slot: 2, name: 'take', plan: ['take {a}'], allows: [] },
    ]);
  });
});

describe('a change of a library', () => {
  /** What a change took and gave, as an event of a record has it. */
  const changed = (before: Library, after: Library) => ({
    removed: before.skills.filter((skill) => !after.skills.includes(skill)),
    added: after.skills.filter((skill) => !before.skills.includes(skill)),
  });

  const operation: fc.Arbitrary<(library: Library, skill: Skill, round: number) => Library> = fc.constantFrom(
    (library: Library, _: Skill, round: number) => addSkill(library, written('new', [`make ${round}`]), 8),
    (library: Library, skill: Skill) => removeSkill(library, skill.name),
    (library: Library, skill: Skill, round: number) =>
      replaceSkill(library, skill.name, written(skill.name, [`make ${round}`])),
    (library: Library, skill: Skill) => pinSkill(library, skill.name, !skill.pinned),
    (library: Library, skill: Skill, round: number) =>
      addSkill(removeSkill(library, skill.name), written('in-its-place', [`make ${round}`]), 8),
    (library: Library) => ({ ...library, skills: [] }),
  );

  test('keeps slots in order and apart, names and plans too, and undone in reverse gives the library before', () => {
    const operations = fc.array(fc.tuple(operation, fc.nat({ max: 7 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(arbitraryLibrary, operations, (start, chosen) => {
        let library = start;
        const steps: { before: Library; change: ReturnType<typeof changed> }[] = [];
        for (const [round, [operate, which]] of chosen.entries()) {
          if (library.skills.length === 0 || library.skills.length === 8) break;
          const next = operate(library, library.skills[which % library.skills.length], round);
          steps.push({ before: library, change: changed(library, next) });
          library = next;
          const slots = library.skills.map(({ slot }) => slot);
          expect(slots).toEqual([...new Set(slots)].sort((a, b) => a - b));
          expect(new Set(library.skills.map(({ name }) => name)).size).toBe(slots.length);
          expect(new Set(library.skills.map(({ plan, allows }) => planKey(plan, allows))).size).toBe(slots.length);
        }
        for (const { before, change } of steps.toReversed()) {
          library = undone(library, change);
          expect(library).toEqual(before);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('undone leaves alone what it did not touch', () => {
    const after = addSkill(some, written('open', ['open {a}']), 4);
    const later = pinSkill(after, 'take', true);
    expect(undone(later, changed(some, after))).toEqual(pinSkill(some, 'take', true));
  });
});

describe('the difference of two libraries', () => {
  test('tells a skill from another of the same name, version and place, and is undone', () => {
    const of = (plan: string[]) =>
      addSkill(
        EMPTY_LIBRARY,
        {
          name: 'one',
          description: '',
          plan,
          pitfall: '',
          constraint: '',
          allows: [],
          lineage: { origin: 'manual', step: 0, parents: [], sources: [] },
        },
        4,
      );
    const [before, after] = [of(['go home', 'open it']), of(['go home', 'take it'])];
    const change = differenceOf(before, after);
    expect([change.removed, change.added]).toEqual([before.skills, after.skills]);
    expect(undone(after, change)).toEqual(before);
    expect(differenceOf(before, before)).toEqual({ removed: [], added: [] });
  });
});
