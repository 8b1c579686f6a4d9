/** A language model for tests: it answers as it is told to, and counts what it was asked. */
import { RELATIONS } from '../worlds/twoHopQa/facts.ts';
import type { LanguageModel, ModelRequest } from './languageModel.ts';

export interface ScriptedModel extends LanguageModel {
  /** Requests in the order in which they came, the last message of each. */
  readonly asked: string[];
  /** The most that were under way at once. */
  readonly busiest: () => number;
}

export function scriptedModel(
  answer: (system: string, user: string) => string | Promise<string>,
  { id = 'scripted', concurrency = 4 } = {},
): ScriptedModel {
  const asked: string[] = [];
  let busy = 0;
  let busiest = 0;
  return {
    id,
    concurrency,
    asked,
    busiest: () => busiest,
    async complete(request: ModelRequest, { signal } = {}) {
      const [system, user] = request.messages.map(({ content }) => content);
      asked.push(user);
      busiest = Math.max(busiest, ++busy);
      try {
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal?.throwIfAborted();
        const text = await answer(system, user);
        return {
          text,
          finish: 'stop',
          promptTokens: user.length,
          completionTokens: text.length,
          milliseconds: 0,
          cost: 0,
        };
      } finally {
        busy--;
      }
    },
    close: async () => {},
  };
}

const CLUES: readonly (readonly [RegExp, (found: readonly string[]) => string])[] = [
  [/whose (\w+) is (.+)\?/, ([relation, value]) => `${relation} ${value}`],
  [/border with both (.+) and (.+)\?/, ([one, other]) => `border ${one} ${other}`],
  [/border with (.+)\?/, ([one]) => `border ${one}`],
];

/**
 * What somebody who reads the note answers to a two-hop question: the right query, the value where the note holds it, and
 * "unknown" otherwise. Its plans and what it recalls say nothing.
 */
export function perfectReader(system: string, user: string): string {
  const task = /^Task: (.*)$/m.exec(user)?.[1] ?? '';
  const note = /^- (.*)$/m.exec(user)?.[1] ?? '';
  const asked = RELATIONS.find((relation) => new RegExp(`^What is (the|a) ${relation}`).test(task)) ?? 'border';
  const clue = CLUES.flatMap(([pattern, query]) => {
    const found = pattern.exec(task);
    return found ? [{ query: query(found.slice(1)), values: found.slice(-1) }] : [];
  })[0] ?? { query: task, values: [] };
  const facts = note.split(' | ').flatMap((fact) => {
    const parts = /^(\w+) of (.+?): (.*)$/.exec(fact);
    return parts ? [{ relation: parts[1], country: parts[2], values: parts[3] }] : [];
  });
  if (system.startsWith('Write a search')) {
    const bridge = facts.find(
      ({ relation, values }) => clue.query.startsWith(relation) && clue.values.every((value) => values.includes(value)),
    );
    return bridge ? `${asked} of ${bridge.country}` : clue.query;
  }
  if (system.startsWith('Answer')) {
    const held = facts.find(({ relation }) => relation === asked);
    return held ? held.values.split(', ')[0] : 'unknown';
  }
  if (system.startsWith('Does')) return facts.some(({ relation }) => relation === asked) ? 'yes' : 'no';
  return 'nothing of use';
}
