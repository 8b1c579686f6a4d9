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

  test('tell a person each right answer once, a choice with its letter', () => {
    const answersOf = (line: object) =>
      ownTasks.task(ownTasks.settings.parse({ file: JSON.stringify({ ...line, split: 'train' }) }), 0, 'train', 0)
        .answers;
    const prime = { text: 'Which is a prime?', choices: ['8', '7'], grader: 'multiple-choice' };
    expect(answersOf({ ...prime, answer: 'b' })).toEqual(['B. 7']);
    expect(answersOf({ ...prime, answer: ['B', '7'] })).toEqual(['B. 7']);
    expect(answersOf({ text: 'Who?', answer: ['Joyce', 'James Joyce', 'Joyce'], grader: 'exact-match' })).toEqual([
      'Joyce',
      'James Joyce',
    ]);
  });

  test('offer search where there are passages, and it finds them by the words of the query', () => {
    const { results } = answering({ search: 'Dubliners', answer: 'James Joyce' });
    const heldOut = (index: number) =>
      ownTasks.task(settings({ steps: 1, hits: 1, acts: ['search'] }), 0, 'heldOut', index).compile({ results });
    expect(heldOut(0).itemText).toContain('Dubliners is by James Joyce.');
    expect(heldOut(1).actionText).toEqual(['answer']);
  });

  test('search the corpus beside their own passages, also where they have none of their own', () => {
    const corpus = 'Joyce wrote Dubliners in Trieste.\n\nSeven is a prime.\n\nDubliners is by  James Joyce.';
    const found = (query: string, index: number, hits: number) => {
      const { results } = answering({ search: query, answer: 'x' });
      const chosen = settings({ steps: 1, hits, acts: ['search'], corpus });
      const { itemText } = ownTasks.task(chosen, 0, 'heldOut', index).compile({ results });
      return itemText.find((text) => text !== 'answered: x') ?? '';
    };
    expect(found('prime', 1, 2)).toBe('Seven is a prime.');
    expect(found('Austen Trieste', 0, 2).split(' | ').sort()).toEqual([
      'Emma is by Jane Austen.',
      'Joyce wrote Dubliners in Trieste.',
    ]);
    // It stands in both, and counts once.
    expect(found('by James', 0, 5)).toBe('Dubliners is by James Joyce. | Emma is by Jane Austen.');
    expect(found('by James', 1, 5)).toBe('Dubliners is by James Joyce.');
    // What one task has of its own is not another's.
    expect(found('Austen', 1, 5)).toBe('nothing found');
  });

  test('take a corpus in words, and are refused with the line where it is none', () => {
    expect(ownTasks.settings.safeParse({ file, corpus: '' }).error?.issues[0]).toMatchObject({
      path: ['corpus'],
      message: expect.stringMatching(/^the file holds no passage; /),
    });
    expect(
      ownTasks.settings.safeParse({ file, corpus: '{"txt": "a"}' }).error?.issues.map(({ message }) => message),
    ).toEqual([
      'line 1, text: is missing; write the passage as a text in quotation marks',
      'line 1 has the field "txt", and a passage has none of that name; its fields are text, title',
    ]);
    // Without one the settings are what they were before there were any.
    expect('corpus' in settings()).toBe(false);
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
