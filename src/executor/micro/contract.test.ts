/** The small model keeps to the contract of every language model. */

import { describeModel } from '../contract.fixture.ts';
import { messagesOf, PROMPTS } from '../prompt.ts';
import { flatPrompt } from './flatPrompt.ts';
import { microInNode } from './inNode.ts';

/** A prompt as the executor makes it, in one message. */
function asked(act: string, task: string, ...inputs: string[]): string {
  return flatPrompt(messagesOf({ act, task, inputs, skill: null }, PROMPTS)).replace(/\nAnswer:\s*$/, '');
}

const capitals = ['Lima', 'Dhaka', 'Monrovia', 'Gaborone', 'Havana', 'Asmara', 'Nairobi', 'Quito'];

describeModel('micro', () => microInNode(), {
  contextTokens: 384,
  schema: 'refused',
  streams: true,
  questions: capitals.map((capital) =>
    asked('search', `What is the currency of the country whose capital is ${capital}?`),
  ),
  longQuestion: asked('plan', 'What is the currency of the country whose capital is Lima?'),
  timeout: 60_000,
});
