/** Random skills and libraries for property tests (fast-check). Tests only. */
import fc from 'fast-check';
import { addSkill } from './library.ts';
import { templateFault } from './plan.ts';
import type { Library, Skill, SkillDraft } from './skill.ts';
import { EMPTY_LIBRARY, SKILL_ORIGINS } from './skill.ts';

const pick = (letters: string) => fc.constantFrom(...letters);

export const arbitraryName: fc.Arbitrary<string> = fc
  .array(fc.string({ unit: pick('abxyz019'), minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
  .map((words) => words.join('-'));

/** Texts of what files, YAML and Markdown give a meaning to, and of anything else. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...[
          '"',
          "'",
          ': ',
          ':',
          ' #',
          '#',
          '##',
          '## Plan',
          '\n',
          '\r\n',
          '\r',
          '\t',
          ' ',
          '`',
          '```',
          '~~~',
          '---',
          '===',
        ],
        ...[
          '\\',
          '\\n',
          '&amp;',
          '&#32;',
          '&',
          '- ',
          '| ',
          '> ',
          '{a}',
          '[',
          '%',
          '@',
          '!',
          '*',
          'null',
          'true',
          '1e3',
        ],
        ...['Allows: `go`', 'Allows:', 'a word', 'é', '水', '👩‍🚀', '\u2028', '\ufeff', '\u0000', '\u0085', '\u00a0'],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const word = fc.oneof(
  pick('abc').map((letter) => letter.repeat(3)),
  fc.string({ unit: fc.constantFrom('`', '"', ':', '#', '\\', '&', 'é', '水', 'x', '-'), minLength: 1, maxLength: 4 }),
);

/** Templates that an executor can carry out. */
export const arbitraryTemplate: fc.Arbitrary<string> = fc
  .tuple(
    word,
    fc.array(
      fc.oneof(
        word,
        pick('abc').map((name) => `{${name}}`),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([first, rest]) => [first, ...rest].join(' '))
  .filter((template) => templateFault(template) === null);

export const arbitraryPlan: fc.Arbitrary<readonly string[]> = fc.array(arbitraryTemplate, {
  minLength: 1,
  maxLength: 4,
});

export const arbitraryDraft: fc.Arbitrary<SkillDraft> = fc.record({
  name: arbitraryName,
  description: arbitraryText,
  plan: arbitraryPlan,
  pitfall: arbitraryText,
  constraint: arbitraryText,
  allows: fc.array(word, { maxLength: 3 }),
});

const number = fc.double({ min: -9, max: 9, noNaN: true });
const estimate = fc.option(fc.record({ mean: number, low: number, high: number }));
const count = fc.nat({ max: 500 });

const arbitraryState = fc.record({
  lineage: fc.record({
    origin: fc.constantFrom(...SKILL_ORIGINS),
    step: count,
    parents: fc.array(arbitraryText, { maxLength: 2 }),
    sources: fc.array(
      fc.record({
        suite: arbitraryText,
        split: fc.constantFrom('train', 'validation', 'heldOut'),
        task: count,
        text: arbitraryText,
        actions: fc.array(arbitraryText, { maxLength: 4 }),
        first: fc.nat({ max: 2 }),
        credit: number,
      }),
      { maxLength: 2 },
    ),
  }),
  version: fc.integer({ min: 1, max: 9 }),
  pinned: fc.boolean(),
  statistics: fc.option(
    fc.record({
      step: count,
      visits: count,
      flowShare: number,
      G: estimate,
      J: estimate,
      lambda: estimate,
      g: estimate,
    }),
  ),
});

export const arbitrarySkill: fc.Arbitrary<Skill> = fc
  .tuple(arbitraryDraft, arbitraryState, fc.nat({ max: 63 }))
  .map(([draft, state, slot]) => ({ ...draft, ...state, slot }));

/** Libraries with gaps between their slots. */
export const arbitraryLibrary: fc.Arbitrary<Library> = fc
  .uniqueArray(fc.tuple(arbitraryState, fc.boolean()), { maxLength: 6, selector: (pair) => pair })
  .map((states) => {
    const full = states.reduce<Library>(
      (library, [state], i) => addSkill(library, { ...draftOf(`skill-${i}`, [`do ${i} to {a}`]), ...state }, 8),
      EMPTY_LIBRARY,
    );
    const skills = full.skills.flatMap((skill, i) => (states[i][1] ? [{ ...skill, ...states[i][0] }] : []));
    return { ...full, skills };
  });

export function draftOf(name: string, plan: readonly string[], rest: Partial<SkillDraft> = {}): SkillDraft {
  return { name, plan, description: '', pitfall: '', constraint: '', allows: [], ...rest };
}

export function skillOf(name: string, slot: number, plan: readonly string[], rest: Partial<Skill> = {}): Skill {
  const lineage = { origin: 'manual' as const, step: 0, parents: [], sources: [] };
  return { ...draftOf(name, plan), slot, version: 1, lineage, statistics: null, pinned: false, ...rest };
}
