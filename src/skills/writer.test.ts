import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryPlan, arbitraryText } from './arbitrarySkill.fixture.ts';
import { describePlan } from './describe.ts';
import { skillDraftSchema } from './skill.ts';
import type { Writer } from './writer.ts';
import { writtenDraft } from './writer.ts';

const plan = ['take {x} from the {y}', 'heat {x} with the {z}'];
const byRule = describePlan(plan, ['take']);

/** A writer that answers with anything at all. */
const answering = (answer: unknown): Writer => ({
  write: async () => JSON.parse(JSON.stringify(answer ?? null)),
});
const written = (answer: unknown) => writtenDraft(answering(answer), plan, ['take']);

describe('a draft by a writer', () => {
  test('has its words and the plan as it is', async () => {
    let asked: unknown;
    const writer: Writer = {
      write: async (...given) => {
        asked = given;
        return { name: 'Warm a thing up', description: 'When food is cold.', pitfall: 'Your hands are full.' };
      },
    };
    const examples = [['take mug from the desk', 'heat mug with the stove']];
    expect(await writtenDraft(writer, plan, ['take'], examples)).toEqual({
      draft: {
        ...byRule,
        name: 'warm-a-thing-up',
        description: 'When food is cold.',
        pitfall: 'Your hands are full.',
      },
      fault: null,
    });
    expect(asked).toEqual([byRule.plan, examples]);
  });

  test('is made by rule where there is no writer, and keeps the pitfall of the rule where it has none', async () => {
    expect(await writtenDraft(null, plan, ['take'])).toEqual({ draft: byRule, fault: null });
    const { draft, fault } = await written({ name: 'warm', description: 'When cold.', plan: ['go away'], slot: 3 });
    expect([draft, fault]).toEqual([{ ...byRule, name: 'warm', description: 'When cold.' }, null]);
  });

  test('is cut at the end of a sentence, or of a word', async () => {
    const sentence = `${'x'.repeat(298)}. `;
    const { draft } = await written({
      name: 'Überhitzt schnell '.repeat(9),
      description: `${sentence}${'word '.repeat(80)}`,
      pitfall: 'so '.repeat(200),
    });
    expect(draft.name).toBe('uberhitzt-schnell-uberhitzt-schnell-uberhitzt-schnell-uberhitzt');
    expect(draft.description).toBe(sentence.trim());
    expect(draft.pitfall).toMatch(/^(so )+so…$/);
    expect(draft.pitfall.length).toBeLessThanOrEqual(240);
  });

  test.each([
    [null, /^The writer's answer: all of it: /],
    [{ name: 3, description: 'x' }, /^The writer's answer: name: /],
    [{ name: 'x' }, /^The writer's answer: description: /],
    [{ name: '水!', description: 'x' }, /name: it holds no letter/],
    [{ name: 'x', description: ' \n ' }, /description: it is empty/],
  ])('is made by rule where the answer is %j, and says so', async (answer, fault) => {
    const { draft, fault: said } = await written(answer);
    expect(draft).toEqual(byRule);
    expect(said).toMatch(fault);
  });

  test('is made by rule where the writer fails', async () => {
    const failing: Writer = { write: () => Promise.reject(new Error('no connection')) };
    const throwing: Writer = {
      write: () => {
        throw 'at once';
      },
    };
    expect(await writtenDraft(failing, plan, ['take'])).toEqual({
      draft: byRule,
      fault: 'The writer failed: no connection',
    });
    expect(await writtenDraft(throwing, plan, ['take'])).toEqual({
      draft: byRule,
      fault: 'The writer failed: at once',
    });
  });

  test('is a valid draft, whatever the answer', async () => {
    const long = fc.array(arbitraryText, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(' a. '));
    const answer = fc.oneof(
      fc.record({ name: long, description: long, pitfall: long }),
      fc.json().map((json) => JSON.parse(json)),
    );
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, answer, async (some, given) => {
        const { draft } = await writtenDraft(answering(given), some);
        expect(skillDraftSchema.parse(draft)).toEqual(draft);
        expect(draft.plan).toEqual(describePlan(some).plan);
        expect(draft.description).not.toBe('');
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
