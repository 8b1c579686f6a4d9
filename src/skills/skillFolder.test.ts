import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryLibrary, skillOf } from './arbitrarySkill.fixture.ts';
import { libraryFiles, printSkill } from './skillFile.ts';
import { readSkillFolder } from './skillFolder.ts';

const file = (folder: string, text: string) => ({ path: `${folder}/SKILL.md`, text });
const take = skillOf('take', 3, ['take {a}'], { description: 'When it lies there.', pitfall: 'One thing at a time.' });
const open = skillOf('open', 1, ['open the {a}'], { description: 'When it is shut.' });

describe('a folder of skills', () => {
  test('is the library that was written to it, as imported skills in the same order', () => {
    const { library, faults } = readSkillFolder(libraryFiles([take, open]), 8, 40);
    expect(faults).toEqual([]);
    expect(library.skills.map(({ name, slot }) => [name, slot])).toEqual([
      ['open', 0],
      ['take', 1],
    ]);
    expect(library.skills[1]).toEqual({
      ...take,
      slot: 1,
      lineage: { origin: 'imported', step: 40, parents: [], sources: [] },
    });
    expect(library.forbidden).toEqual([]);
    expect(readSkillFolder([], 8)).toEqual({ library: { skills: [], forbidden: [] }, faults: [] });
  });

  test('is read but for the files that are no skills, each with what is wrong', () => {
    const bad = printSkill(take).replace('`take {a}`', '`take {a} {b}`');
    const { library, faults } = readSkillFolder(
      [
        file('bad', bad),
        file('empty', ''),
        ...libraryFiles([open]),
        { path: 'README.md', text: 'Read me.' },
        { path: 'open/SKILL.md.bak', text: '' },
      ],
      8,
    );
    expect(library.skills.map(({ name }) => name)).toEqual(['open']);
    expect(faults.map(({ path, line }) => [path, line])).toEqual([
      ['bad/SKILL.md', bad.split('\n').findIndex((line) => line.startsWith('1. ')) + 1],
      ['empty/SKILL.md', 1],
    ]);
    expect(faults[0].message).toContain('between two variables stands a word');
  });

  test('has the first of two files with one name or one plan', () => {
    const named = printSkill(skillOf('take', 4, ['take {a} now']));
    const planned = printSkill(skillOf('grab', 5, ['take {x}']));
    const { library, faults } = readSkillFolder([file('b', named), file('c', planned), file('a', printSkill(take))], 8);
    expect(library.skills.map(({ name, plan }) => [name, plan])).toEqual([['take', ['take {a}']]]);
    expect(faults.map(({ path }) => path)).toEqual(['b/SKILL.md', 'c/SKILL.md']);
    expect(faults[0].message).toContain('that is the name of a/SKILL.md');
  });

  test('has the first skills where there is no room for all', () => {
    const { library, faults } = readSkillFolder(libraryFiles([take, open]), 1);
    expect(library.skills.map(({ name }) => name)).toEqual(['open']);
    expect(faults.map(({ message }) => message)).toEqual([
      'take/SKILL.md: it holds skill number 2; the library has room for 1',
    ]);
    // Named is the file that was to be read, and not the one that was left out for its name.
    const second = file('b', printSkill(skillOf('take', 4, ['take {a} now'])));
    expect(readSkillFolder([second, ...libraryFiles([take, open])], 1).faults.map(({ path }) => path)).toEqual([
      'b/SKILL.md',
      'take/SKILL.md',
    ]);
  });

  test('gives back the documents of any library, and with broken files between them too', () => {
    fc.assert(
      fc.property(arbitraryLibrary, fc.subarray(['', '---', 'x', '---\nname: x\n---\n']), (library, broken) => {
        const good = libraryFiles(library.skills);
        const read = readSkillFolder([...broken.map((text, i) => file(`broken-${i}`, text)), ...good], 64);
        expect(read.faults).toHaveLength(broken.length);
        expect(read.library.skills.map(({ name, plan, allows }) => ({ name, plan, allows }))).toEqual(
          library.skills.map(({ name, plan, allows }) => ({ name, plan, allows })),
        );
        // What was read is read back as it is.
        expect(readSkillFolder(libraryFiles(read.library.skills), 64).library).toEqual(read.library);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
