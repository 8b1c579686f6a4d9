/**
 * What a model is asked for a step: the act's own text, the task, the skill and the declared inputs, and nothing else. So
 * the answer depends on nothing else, independent steps commute, and a step that is repeated is known already.
 */
import type { Call } from '../graph/call.ts';
import type { Message } from './languageModel.ts';
import answer from './prompts/answer.md?raw';
import calculate from './prompts/calculate.md?raw';
import check from './prompts/check.md?raw';
import plan from './prompts/plan.md?raw';
import recall from './prompts/recall.md?raw';
import search from './prompts/search.md?raw';
import attempt from './prompts/try.md?raw';
import writeCode from './prompts/write-code.md?raw';
import writeSkill from './prompts/write-skill.md?raw';

/** The text of each act's prompt, by the act's name. */
export type Prompts = Readonly<Record<string, string>>;

/** Acts that a model is prompted for. */
export const PROMPTED_ACTS = [
  'plan',
  'recall',
  'search',
  'calculate',
  'write-code',
  'try',
  'check',
  'answer',
  'write-skill',
] as const;

const FILES: Readonly<Record<(typeof PROMPTED_ACTS)[number], string>> = {
  plan,
  recall,
  search,
  calculate,
  'write-code': writeCode,
  try: attempt,
  check,
  answer,
  'write-skill': writeSkill,
};

/** Those that come with the lab. */
export const PROMPTS: Prompts = Object.fromEntries(Object.entries(FILES).map(([act, text]) => [act, text.trim()]));

/** Tokens after which an act's answer is cut. */
const MOST_TOKENS: Readonly<Record<string, number>> = { check: 16, 'write-code': 512, try: 192, 'write-skill': 320 };

export function tokensOf(act: string): number {
  return MOST_TOKENS[act] ?? 96;
}

/** What the answer of an act must keep to; null for free text. */
export function schemaOf(act: string): object | null {
  return act === 'write-skill' ? WRITTEN : null;
}

const WRITTEN = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    pitfall: { type: 'string' },
  },
  required: ['name', 'description', 'pitfall'],
  additionalProperties: false,
};

/** An act has no prompt. */
export class NoPrompt extends Error {
  override readonly name = 'NoPrompt';
  constructor(act: string) {
    super(`There is no prompt for the act "${act}". Add one to the prompts of the executor.`);
  }
}

/**
 * The messages of a call.
 * @throws NoPrompt
 */
export function messagesOf(call: Call, prompts: Prompts): readonly Message[] {
  const system = prompts[call.act];
  if (system === undefined) throw new NoPrompt(call.act);
  const parts = [
    `Task: ${call.task}`,
    ...(call.skill === null ? [] : [`Skill: ${call.skill.text}`]),
    call.inputs.length === 0 ? 'Notes: none' : ['Notes:', ...call.inputs.map((text) => `- ${text}`)].join('\n'),
  ];
  return [
    { role: 'system', content: system },
    { role: 'user', content: parts.join('\n') },
  ];
}
