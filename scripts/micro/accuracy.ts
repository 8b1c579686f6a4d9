/** How often the small model is right, act by act, and whether it is the skill's text that makes it so. */

import type { LanguageModel } from '../../src/executor/languageModel.ts';
import { messagesOf, PROMPTS } from '../../src/executor/prompt.ts';
import type { Call } from '../../src/graph/call.ts';
import type { Split } from '../../src/graph/world.ts';
import { libraryOf, questionAt } from '../../src/worlds/twoHopQa/dealt.ts';
import { FACTS } from '../../src/worlds/twoHopQa/facts.ts';
import { twoHopQaLive } from '../../src/worlds/twoHopQa/live.ts';
import { search } from '../../src/worlds/twoHopQa/search.ts';
import { graded } from '../../src/worlds/twoHopQa/world.ts';
import type { Example, MicroSuite } from './data/example.ts';
import { callOf } from './data/example.ts';
import { exampleAt } from './data/examples.ts';
import { SPLIT_SEED } from './data/qa.ts';

/** The acts that were trained, by suite. */
export const TRAINED: Readonly<Record<MicroSuite, readonly string[]>> = {
  'two-hop-qa': ['plan', 'recall', 'search', 'check', 'answer'],
  'contest-math': ['plan', 'recall', 'calculate', 'check', 'answer'],
  household: ['plan', 'try', 'check', 'answer'],
};

/** Acts that a skill's text can change, by suite. */
export const TOLD: readonly (readonly [MicroSuite, string])[] = [
  ['two-hop-qa', 'search'],
  ['two-hop-qa', 'answer'],
  ['two-hop-qa', 'plan'],
  ['two-hop-qa', 'check'],
  ['contest-math', 'calculate'],
  ['contest-math', 'answer'],
  ['household', 'try'],
];

/** Seeds that no training data has. */
const MEASURED: Readonly<Record<'train' | 'heldOut', number>> = { train: 900_001, heldOut: 900_002 };
/** Questions a row where a skill decides. */
export const TOLD_COUNT = 40;
const TOLD_SEED = 900_003;

/** Long enough for every right answer. */
const MOST_TOKENS = 96;

export async function ask(model: LanguageModel, call: Call): Promise<string> {
  const messages = messagesOf(call, PROMPTS);
  return (await model.complete({ messages, maxTokens: MOST_TOKENS, seed: 0, schema: null })).text;
}

const isRight = ({ want, alsoRight }: Example, answer: string): boolean =>
  answer === want || alsoRight?.(answer) === true;

/** Questions without a skill, or with one that changes nothing. */
export function questions(suite: MicroSuite, act: string, split: 'train' | 'heldOut', count: number): Example[] {
  return Array.from({ length: count }, (_, i) =>
    exampleAt(MEASURED[split], i, { suite, act, split, wordings: split, skill: i % 2 === 0 ? 'none' : 'plain' }),
  );
}

/** Share of the questions that are answered rightly. */
export async function accuracyOf(model: LanguageModel, asked: readonly Example[]): Promise<number> {
  let right = 0;
  for (const example of asked) if (isRight(example, await ask(model, example.call))) right++;
  return right / asked.length;
}

/** Held-out questions whose right answer is another one without the skill; its wording is held out too. */
export function toldQuestions(suite: MicroSuite, act: string, count: number): Example[] {
  const found: Example[] = [];
  for (let i = 0; found.length < count && i < 50 * count; i++) {
    const example = exampleAt(TOLD_SEED, i, { suite, act, split: 'heldOut', wordings: 'heldOut', skill: 'told' });
    if (example.otherwise !== undefined && example.otherwise !== example.want) found.push(example);
  }
  return found;
}

export interface SkillEffect {
  /** Shares of the answers that are what the skill's text asks for: with it, without a skill, with another's text. */
  readonly with: number;
  readonly without: number;
  readonly another: number;
}

/** Exact match with what the skill asks for. */
export async function skillEffect(model: LanguageModel, asked: readonly Example[]): Promise<SkillEffect> {
  const counts = { with: 0, without: 0, another: 0 };
  for (const [i, { call, want, instruction }] of asked.entries()) {
    const other = [...asked.slice(i + 1), ...asked].find((one) => one.instruction !== instruction) ?? asked[i];
    // With one instruction alone, another skill is one that changes nothing.
    const skill =
      other.instruction === instruction ? { name: 'skill', version: 1, text: 'Use the notes.' } : other.call.skill;
    if ((await ask(model, call)) === want) counts.with++;
    if ((await ask(model, { ...call, skill: null })) === want) counts.without++;
    if ((await ask(model, { ...call, skill })) === want) counts.another++;
  }
  const n = asked.length;
  return { with: counts.with / n, without: counts.without / n, another: counts.another / n };
}

/** Share of a split's questions that search, search from it, then answer from that gets right. */
export async function twoSearches(model: LanguageModel, split: Split, count: number): Promise<number> {
  const chosen = twoHopQaLive.settings.parse({});
  let solved = 0;
  for (let i = 0; i < count; i++) {
    const question = questionAt(SPLIT_SEED, split, i);
    const library = libraryOf(question, chosen, SPLIT_SEED, split, i);
    const found = async (inputs: readonly string[]): Promise<string> => {
      const query = await ask(model, callOf('search', question.text, inputs, null));
      const facts = search(query, chosen.hits, library);
      return facts.length === 0 ? 'nothing found' : facts.map((fact) => FACTS[fact].text).join(' | ');
    };
    const second = await found([await found([])]);
    if (graded(await ask(model, callOf('answer', question.text, [second], null)), question).solved) solved++;
  }
  return solved / count;
}
