import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryLibrary, skillOf } from './arbitrarySkill.fixture.ts';
import { librarySchema, skillSchema } from './skill.ts';

const faults = (skills: readonly unknown[]): readonly string[] =>
  librarySchema
    .safeParse({ skills, forbidden: [] })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('a library of unknown origin', () => {
  test('is taken as it is where it is one', () => {
    fc.assert(
      fc.property(arbitraryLibrary, (library) => {
        expect(librarySchema.parse(library)).toEqual(library);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('has a slot and a name for each skill, which a graph can hold', () => {
    const first = skillOf('take', 1, ['take {a}']);
    expect(faults([first, skillOf('open', 2, ['open {a}'])])).toEqual([]);
    expect(faults([first, skillOf('open', 1, ['open {a}'])])).toEqual([
      'skills.1.slot: slots rise, and each skill has one of its own',
    ]);
    expect(faults([first, skillOf('open', 0, ['open {a}'])])).toHaveLength(1);
    expect(faults([first, skillOf('take', 2, ['open {a}'])])).toEqual([
      'skills.1.name: each skill has a name of its own',
    ]);
    expect(faults([skillOf('take', 63, ['take {a}'])])).toEqual([]);
    expect(faults([skillOf('take', 64, ['take {a}'])])).toHaveLength(1);
  });
});

describe('a skill of unknown origin', () => {
  test('has a plan that an executor can read, or the fault names the line', () => {
    const parsed = skillSchema.safeParse(skillOf('take', 0, ['take {a}', 'put {a} {b}']));
    expect(parsed.error?.issues).toMatchObject([
      { path: ['plan', 1], message: 'between two variables stands a word, or nobody could tell where one ends' },
    ]);
    expect(skillSchema.safeParse(skillOf('take', 0, [])).success).toBe(false);
    expect(skillSchema.safeParse(skillOf('take', 0, new Array(9).fill('go'))).success).toBe(false);
    expect(skillSchema.safeParse(skillOf('take', 0, ['x'.repeat(201)])).success).toBe(false);
  });
});
