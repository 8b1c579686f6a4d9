import { describe, expect, test } from 'vitest';
import type { Call, Results } from '../../graph/call.ts';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { ownTasks } from './index.ts';

const file = [
  '{"text": "What is 15% of 80?", "answer": "12", "grader": "numeric", "split": "train"}',
  '{"text": "Who wrote Dubliners?", "answer": ["James Joyce"], "grader": "exact-match", "split": "heldOut", "passages": ["Dubliners is by James Joyce.", "Emma is by Jane Austen."]}',
  '{"text": "Which is a prime?", "answer": "B", "choices": ["8", "7"], "grader": "multiple-choice", "split": "heldOut"}',
].join('\n');

function settings(change: object = {}): ReturnType<(typeof ownTasks)['settings']['parse']> {
  return ownTasks.settings.parse({ file, ...change });
}

/** Answers each call by its act. */
function answering(answers: Readonly<Record<string, string>>): { readonly results: Results; readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    results: {
      get(call) {
        calls.push(call);
        return answers[call.act];
      },
    },
  };
}

const outcomesOf = ({ nodeText, states, reward, solved }: TaskGraph) =>
  Array.from(reward, (value, x) => [nodeText[states + x], value, solved[x] === 1] as const);

describe("tasks of one's own", () => {
  test('are those of the file, by split, and there are no more', () => {
    expect(ownTasks.task(settings(), 0, 'heldOut', 1).text).toBe('Which is a prime?');
    expect(() => ownTasks.task(settings(), 0, 'train', 1)).toThrow(
      'The file has 1 train tasks, so there is none at index 1',
    );
  });

  test('are refused with the line, the field and what to do', () => {
    const parsed = ownTasks.settings.safeParse({ file: '{"text": "a", "answer": "b", "grader": "fuzzy"}' });
    expect(parsed.error?.issues[0].message).toMatch(/^line 1, grader: is "fuzzy"; write exact-match/);
  });

  test('have a default, the file of the docs', () => {
    const parsed = ownTasks.settings.parse({});
    expect(ownTasks.task(parsed, 0, 'train', 0).text.length).toBeGreaterThan(0);
  });

  test('are graded by the grader that they name', () => {
    const { results } = answering({
      plan: 'multiply',
      calculate: '0.15 * 80',
      evaluate: '0.15 * 80 = 12',
      answer: 'It is 12.',
    });
    const graph = ownTasks.task(settings({ steps: 1, acts: ['calculate'] }), 0, 'train', 0).compile({ results });
    expect(outcomesOf(graph)).toEqual(expect.arrayContaining([['It is 12.', 1, true]]));
    expect(graph.pending.size).toBe(0);
  });

  test('show the choices to the model, by letter', () => {
    const { results, calls } = answering({ answer: 'B', plan: 'x' });
    const graph = ownTasks.task(settings({ steps: 1, acts: ['plan'] }), 0, 'heldOut', 1).compile({ results });
    expect(calls[0].task).toBe('Which is a prime?\nA. 8\nB. 7');
    expect(outcomesOf(graph)[0].slice(1)).toEqual([1, true]);
  });

  test('offer search where there are passages, and it finds them by the words of the query', () => {
    const { results } = answering({ search: 'Dubliners', answer: 'James Joyce' });
    const heldOut = (index: number) =>
      ownTasks.task(settings({ steps: 1, hits: 1, acts: ['search'] }), 0, 'heldOut', index).compile({ results });
    expect(heldOut(0).itemText).toContain('Dubliners is by James Joyce.');
    expect(heldOut(1).actionText).toEqual(['answer']);
  });

  test('send what a calculation comes to through the calculator, which the model does not do', () => {
    const { results, calls } = answering({ calculate: '0.15 * 80', answer: '12' });
    const graph = ownTasks.task(settings({ steps: 1, acts: ['calculate'] }), 0, 'train', 0).compile({ results });
    expect([...graph.pending.values()]).toEqual([{ act: 'evaluate', task: '', inputs: ['0.15 * 80'], skill: null }]);
    expect(calls.some(({ act }) => act === 'evaluate')).toBe(true);
  });

  test('run the program that was written, without the fence around it', () => {
    const { results, calls } = answering({
      'write-code': 'Here:\n```js\nprint(0.15 * 80)\n```\nDone.',
      'run-code': '12',
      answer: '12',
    });
    const graph = ownTasks
      .task(settings({ steps: 2, acts: ['write-code', 'run-code'] }), 0, 'train', 0)
      .compile({ results });
    expect(calls.find(({ act }) => act === 'run-code')?.inputs).toEqual(['print(0.15 * 80)']);
    expect(graph.itemText).toContain('run-code: 12');
  });
});
