/** Calls for tests. Only test files import this. */
import type { UsedResult } from '../../executor/executor.ts';

let last = 0;

export function callOf(change: Partial<UsedResult['result']> = {}, cached = false): UsedResult {
  last += 1;
  const { act = 'search' } = change;
  return {
    cached,
    result: {
      key: last.toString(16).padStart(64, '0'),
      model: 'm',
      act,
      task: 'the task',
      inputs: [],
      skill: null,
      prompt: [
        { role: 'system', content: `Do the act ${act}.` },
        { role: 'user', content: 'Task: the task\nNotes: none' },
      ],
      answer: 'an answer',
      finish: 'stop',
      failure: null,
      promptTokens: 20,
      completionTokens: 3,
      milliseconds: 10,
      cost: 0,
      ...change,
    },
  };
}
