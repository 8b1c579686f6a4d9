/** The task as tokens that an action attends to. */
import { words } from '../encoder/words.ts';

/** The distinct words of a task's text, in order, without one that is the whole text; last the whole text. */
export function taskTokens(text: string): string[] {
  return [...new Set(words(text))].filter((word) => word !== text).concat(text);
}
