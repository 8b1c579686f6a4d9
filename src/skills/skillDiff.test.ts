import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryDraft, draftOf, skillOf } from './arbitrarySkill.fixture.ts';
import { diffPlans, diffSkills } from './skillDiff.ts';

describe('the difference of two skills', () => {
  test('is what a reader would see change, in the order of the document', () => {
    const before = skillOf('take', 0, ['take {a}', 'heat {a}'], { allows: ['take', 'go'], description: 'When cold.' });
    const after = {
      ...before,
      name: 'take-heat-put',
      plan: ['take {a}', 'heat {a}', 'put {a} on {b}'],
      pitfall: 'Mind the heat.',
      constraint: 'Near a desk.',
      allows: ['go', 'put'],
      version: 2,
      pinned: true,
      statistics: { step: 1, visits: 2, flowShare: 0.1, G: null, J: null, lambda: null, g: null },
    };
    expect(diffSkills(before, after)).toEqual([
      { field: 'name', before: 'take', after: 'take-heat-put' },
      {
        field: 'plan',
        lines: [
          { kind: 'same', text: 'take {a}' },
          { kind: 'same', text: 'heat {a}' },
          { kind: 'added', text: 'put {a} on {b}' },
        ],
      },
      { field: 'pitfall', before: '', after: 'Mind the heat.' },
      { field: 'constraint', before: '', after: 'Near a desk.' },
      { field: 'allows', before: 'go, take', after: 'go, put' },
      { field: 'version', before: '1', after: '2' },
      { field: 'pinned', before: 'no', after: 'yes' },
    ]);
    expect(diffSkills(before, { ...before, description: '' })).toEqual([
      { field: 'description', before: 'When cold.', after: '' },
    ]);
  });

  test('is none to itself, whatever it was measured to do and in whatever order it asks for kinds of act', () => {
    const skill = skillOf('take', 3, ['take {a}'], { allows: ['go', 'take'] });
    const moved = { ...skill, allows: ['take', 'go', 'go'], slot: 5 };
    expect(diffSkills(skill, moved)).toEqual([]);
    // A draft has no version and no pin yet.
    expect(diffSkills(skill, draftOf('take', ['take {a}'], { allows: ['go', 'take'] }))).toEqual([]);
    fc.assert(
      fc.property(arbitraryDraft, (draft) => {
        expect(diffSkills(draft, draft)).toEqual([]);
      }),
    );
  });
});

describe('the difference of two plans', () => {
  test('keeps a line in its place, and says first what goes', () => {
    expect(diffPlans(['go home', 'take {a}'], ['go out', 'take {a}', 'sit'])).toEqual([
      { kind: 'removed', text: 'go home' },
      { kind: 'added', text: 'go out' },
      { kind: 'same', text: 'take {a}' },
      { kind: 'added', text: 'sit' },
    ]);
    expect(diffPlans([], [])).toEqual([]);
  });

  test('holds both plans, and as many common lines as there can be', () => {
    const plan = fc.array(fc.constantFrom('go', 'take', 'put'), { maxLength: 6 });
    /** By trying: every line of the first in turn is left out or matched. */
    const mostCommon = ([first, ...rest]: readonly string[], other: readonly string[]): number => {
      if (first === undefined) return 0;
      const at = other.indexOf(first);
      return Math.max(mostCommon(rest, other), at < 0 ? 0 : 1 + mostCommon(rest, other.slice(at + 1)));
    };
    fc.assert(
      fc.property(plan, plan, (before, after) => {
        const lines = diffPlans(before, after);
        const without = (gone: string) => lines.filter(({ kind }) => kind !== gone).map(({ text }) => text);
        expect(without('added')).toEqual(before);
        expect(without('removed')).toEqual(after);
        expect(lines.filter(({ kind }) => kind === 'same')).toHaveLength(mostCommon(before, after));
        for (const [i, { kind }] of lines.entries())
          if (kind === 'removed') expect(lines[i - 1]?.kind).not.toBe('added');
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
