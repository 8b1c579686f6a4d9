/** What the small model is asked where it is held to the contract of every language model. */
import { messagesOf, PROMPTS } from '../prompt.ts';
import { flatPrompt } from './flatPrompt.ts';

/** A prompt as the executor makes it, in one message. */
function asked(act: string, task: string, ...inputs: string[]): string {
  return flatPrompt(messagesOf({ act, task, inputs, skill: null }, PROMPTS)).replace(/\nAnswer:\s*$/, '');
}

const capitals = ['Lima', 'Dhaka', 'Monrovia', 'Gaborone', 'Havana', 'Asmara', 'Nairobi', 'Quito'];

export const MICRO_CONTRACT = {
  contextTokens: 384,
  streams: true,
  questions: capitals.map((capital) =>
    asked('search', `What is the currency of the country whose capital is ${capital}?`),
  ),
  longQuestion: asked('plan', 'What is the currency of the country whose capital is Lima?'),
  timeout: 60_000,
} as const;
