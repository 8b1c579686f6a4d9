/** The messages of a request as the one text that the small model was trained to go on from. */
import type { Message } from '../languageModel.ts';

/** What is asked, one message a line, then where the answer begins. */
export function flatPrompt(messages: readonly Message[]): string {
  return `${messages.map(({ content }) => content).join('\n')}\nAnswer:`;
}
