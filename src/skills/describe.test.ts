import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryPlan } from './arbitrarySkill.fixture.ts';
import { cutText } from './cutText.ts';
import { describePlan, nameOfPlan } from './describe.ts';
import { planKey } from './plan.ts';
import { skillDraftSchema } from './skill.ts';

describe('what is written of a plan', () => {
  test('says what it does, where, and what to beware of', () => {
    expect(describePlan(['take {x} from the {y}', 'heat {x} with the {z}'], ['take', 'heat'])).toEqual({
      name: 'take-heat',
      plan: ['take {a} from the {b}', 'heat {a} with the {c}'],
      allows: ['take', 'heat'],
      description:
        'Does "take A from the B", then "heat A with the C" in one step. For where these can be done one after the other. A is the same throughout.',
      pitfall: 'Both acts are done or neither: where only the first was needed, the second is done too.',
      constraint: 'Only where the state allows "heat" and "take".',
    });
    expect(describePlan(['add {a} to {b}', 'put {a} on {b}', 'go home'], ['a', 'b', 'c'])).toMatchObject({
      description:
        'Does "add A to B", "put A on B", then "go home" in one step. For where these can be done one after the other. A and B are the same throughout.',
      pitfall: 'All 3 acts are done or none: where only the first was needed, the rest is done too.',
      constraint: 'Only where the state allows "a", "b" and "c".',
    });
  });

  test('of a single act has nothing to beware of, and of constants nothing that is the same', () => {
    expect(describePlan(['open the {a}'])).toEqual({
      name: 'open',
      plan: ['open the {a}'],
      allows: [],
      description: 'Does "open the A" in one step. For where this can be done.',
      pitfall: '',
      constraint: '',
    });
    expect(describePlan(['go home', 'go out']).description).not.toContain('same');
  });

  test('is a valid draft of the same plan, whatever the plan', () => {
    const words = fc.constantFrom('constructor', '__proto__', '+', 'É', '4', '...', 'to', 'get', '{a}', '{b}', 'mug');
    const odd = fc.array(
      fc.array(words, { minLength: 1, maxLength: 5 }).map((some) => ['add', ...some].join(' ')),
      { minLength: 1, maxLength: 8 },
    );
    const kinds = fc.array(fc.constantFrom('go', 'take', 'x'.repeat(40)), { maxLength: 16 });
    fc.assert(
      fc.property(fc.oneof(arbitraryPlan, odd), kinds, (plan, allows) => {
        const draft = describePlan(plan, allows);
        expect(skillDraftSchema.parse(draft)).toEqual(draft);
        expect(planKey(draft.plan, draft.allows)).toBe(planKey(plan, allows));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('is cut where the acts are long', () => {
    const draft = describePlan(Array.from({ length: 8 }, (_, i) => `go${i} ${'x'.repeat(190)}`));
    expect(skillDraftSchema.parse(draft)).toEqual(draft);
    expect(draft.description).toHaveLength(1024);
    expect(draft.description).toMatch(/x…$/);
  });
});

describe('a text that is cut', () => {
  test('is as long as it may be, and no character is cut in two', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('ab…');
    expect(cutText('👩👩', 4)).toBe('👩👩');
    expect(cutText('a👩👩', 4)).toBe('a👩…');
    expect(cutText('a👩👩', 3)).toBe('a…');
  });
});

describe('the name of a plan', () => {
  test.each([
    [['take {a} from the {b}', 'heat {a} with the {c}'], 'take-heat'],
    [['go to the kitchen', 'go to the study'], 'go-kitchen-go-study'],
    [['add {a} and {b} to get {c}'], 'add'],
    [['add {a} and {b} to get {c}', 'add {c} and {d} to get {e}'], 'add-add'],
    [['add {a} + {b} = {c}', 'add {c} + {d} = {e}'], 'add-add'],
    [['go on', 'take {a}', 'put {a}', 'go off', 'open it'], 'go-take-put-go'],
    [['+ {a}', '* {b}'], 'plus-times'],
    [['Öffne {a}', 'nimm {a}'], 'offne-nimm'],
    [['constructor {a}', 'toString {a}'], 'constructor-tostring'],
    [['水 {a}', '... {b}'], 'plan'],
    [[`${'a'.repeat(80)} {a}`, 'b {a}'], 'a'.repeat(56)],
    [[`${'a'.repeat(55)} {a}`, 'b {a}'], 'a'.repeat(55)],
  ])('of %j is %s', (plan, name) => {
    expect(nameOfPlan(plan)).toBe(name);
  });
});
