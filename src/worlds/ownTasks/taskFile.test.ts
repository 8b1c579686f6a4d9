import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRADER_KINDS, graderOf } from '../../graders/graderOf.ts';
import {
  MOST_ANSWERS,
  MOST_PASSAGES,
  MOST_TASKS,
  MOST_TEXT,
  type OwnTask,
  printTaskFile,
  readTaskFile,
} from './taskFile.ts';
import { faultText, MOST_BYTES, MOST_FAULTS } from './textFile.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** @throws with the faults, where there are any */
function tasksOf(content: string | Uint8Array): readonly OwnTask[] {
  const file = readTaskFile(content);
  if (!file.ok) throw new Error(file.faults.map(faultText).join('\n'));
  return file.tasks;
}

function faultsOf(content: string | Uint8Array): string[] {
  const file = readTaskFile(content);
  return file.ok ? [] : file.faults.map(faultText);
}

const line = (fields: Record<string, unknown>): string =>
  JSON.stringify({ text: 'Why?', answer: 'so', grader: 'exact-match', ...fields });

describe('a file of tasks', () => {
  test('in the documentation is read', () => {
    const tasks = tasksOf(readFileSync(join(docs, 'own-tasks.example.jsonl')));
    expect(tasks).toHaveLength(5);
    expect(tasks[0]).toMatchObject({ id: 'percent', answers: ['12'], grader: 'numeric', passages: [] });
    expect(tasks[1]).toMatchObject({ tolerance: 0.002 });
    expect(tasks[2]).toMatchObject({ answers: ['James Joyce', 'Joyce'], split: 'heldOut' });
    expect(tasks[3].passages).toHaveLength(1);
    expect(tasks[4]).toMatchObject({ choices: ['21', '23', '25', '27'], split: 'validation' });
    // Its graders give 1 for its own answers.
    for (const { grader, answers, ...question } of tasks)
      for (const answer of answers) expect(graderOf(grader).grade(answer, { answers, ...question }).reward).toBe(1);
  });

  test('is documented with lines that are read, and with the sizes that are capped', () => {
    const text = readFileSync(join(docs, 'own-tasks.md'), 'utf8');
    const example = /```json\n(.*?)```/s.exec(text)?.[1] ?? '';
    expect(tasksOf(example)).toHaveLength(2);
    for (const size of [MOST_TEXT, MOST_TASKS]) expect(text).toContain(size.toLocaleString('en-US'));
    for (const kind of GRADER_KINDS) expect(text).toContain(`**\`${kind}\`**`);
    const faults = faultsOf(`${line({ text: 'a' })}\n${line({ text: 'b' })}\n${line({ text: 'c', grader: 'fuzzy' })}`);
    expect(text).toContain(faults[0]);
  });

  test('may have a byte order mark, blank lines, any line ends and none at the last line', () => {
    const lines = [line({ text: 'one' }), line({ text: 'two' }), line({ text: 'three\u2028' })];
    const plain = tasksOf(lines.join('\n'));
    expect(plain).toHaveLength(3);
    expect(tasksOf(`\ufeff${lines.join('\r\n')}\r\n`)).toEqual(plain);
    expect(tasksOf(new TextEncoder().encode(`\ufeff\n\n  \n${lines.join('\n\t\n')}\n\n`))).toEqual(plain);
    expect(tasksOf(lines.join('\r'))).toEqual(plain);
  });

  test('names the line, the field and what to do, for many faults at once', () => {
    const faults = faultsOf(
      [
        line({ text: 'fine' }),
        '',
        '{"text": "no end',
        '[1]',
        'null',
        line({ text: '  ', answer: [], grader: 'fuzzy' }),
        line({ text: 7, answer: null, grader: null, split: 'test', tolerance: 'none', passages: 'all', id: '' }),
        line({ text: 'a', anwser: 'x' }),
        line({ text: 'b', answer: ['x', 3, ''] }),
        line({ text: 'c', answer: '' }),
        '{}',
      ].join('\n'),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^line 3 is no JSON \(.*\); write a task on one line, in braces/),
      'line 4 is a list and no task; write {"text": ..., "answer": ..., "grader": ...}',
      'line 5 is null and no task; write {"text": ..., "answer": ..., "grader": ...}',
      'line 6, text: is empty; write the question or the instruction',
      'line 6, answer: holds no text; write the right answer',
      'line 6, grader: is "fuzzy"; write exact-match, token-f1, numeric, multiple-choice',
      'line 7, text: is 7; write the question or the instruction as a text in quotation marks',
      'line 7, answer: is null; write a text in quotation marks or a list of them',
      'line 7, grader: is null; write exact-match, token-f1, numeric, multiple-choice',
      'line 7, tolerance: is "none"; write a number like 0.01',
      'line 7, passages: is "all"; write a list of texts in square brackets',
      'line 7, split: is "test"; write train, validation, heldOut',
      'line 7, id: is empty; write a name for the task',
      'line 8 has the field "anwser", and a task has none of that name; its fields are text, answer, grader, choices, tolerance, passages, split, id',
      'line 9, answer[2]: is 3; write the right answer as a text in quotation marks',
      'line 9, answer[3]: is empty; write the right answer',
      'line 10, answer: is empty; write the right answer',
      'line 11, text: is missing; write the question or the instruction as a text in quotation marks',
      'line 11, answer: is missing; write a text in quotation marks or a list of them',
      'line 11, grader: is missing; write exact-match, token-f1, numeric, multiple-choice',
    ]);
  });

  test('tells of 20 faults and no more', () => {
    expect(faultsOf('{\n'.repeat(100))).toHaveLength(MOST_FAULTS);
    expect(faultsOf('{\n'.repeat(MOST_BYTES / 2))).toHaveLength(MOST_FAULTS);
    expect(faultsOf(line({ passages: new Array(1e5).fill('') }))).toEqual([
      `line 1, passages: holds 100000 texts; at most ${MOST_PASSAGES} are read, so leave some out`,
    ]);
  });

  test('asks of each grader what that needs', () => {
    const one = (fields: Record<string, unknown>): string => faultsOf(line(fields)).join('\n');
    expect(one({ grader: 'numeric' })).toBe(
      'line 1, answer: is "so"; the grader "numeric" needs one number, like 1,234.5',
    );
    expect(one({ grader: 'numeric', answer: '1', tolerance: 2 })).toMatch(/^line 1, tolerance: is 2; /);
    expect(one({ grader: 'multiple-choice' })).toMatch(/^line 1, choices: holds 0; /);
    expect(one({ grader: 'multiple-choice', answer: 'C', choices: ['x1', 'y1'] })).toMatch(/^line 1, answer: is "C"; /);
    expect(one({ grader: 'exact-match', answer: 'The' })).toMatch(/^line 1, answer: is "The"; nothing is left of it/);
    expect(one({ choices: ['a', 'b'] })).toMatch(/^line 1, choices: is there, and the grader "exact-match" has none/);
    expect(one({ tolerance: 0.1 })).toMatch(/^line 1, tolerance: is there/);
  });

  test('is refused beyond each of its sizes and read up to it', () => {
    const many = (count: number): string =>
      Array.from({ length: count }, (_, i) => line({ text: `t ${i}` })).join('\n');
    expect(tasksOf(many(MOST_TASKS))).toHaveLength(MOST_TASKS);
    expect(faultsOf(many(MOST_TASKS + 1))).toEqual([
      `line ${MOST_TASKS + 1} is task ${MOST_TASKS + 1}; at most ${MOST_TASKS} are read, so split the file`,
    ]);
    expect(tasksOf(line({ text: 'x'.repeat(MOST_TEXT) }))).toHaveLength(1);
    expect(faultsOf(line({ text: 'x'.repeat(MOST_TEXT + 1) }))).toEqual([
      `line 1, text: has ${MOST_TEXT + 1} characters; at most ${MOST_TEXT} are read, so shorten it`,
    ]);
    expect(faultsOf(line({ answer: new Array(MOST_ANSWERS + 1).fill('x') }))).toHaveLength(1);
    const full = `${line({})}${' '.repeat(MOST_BYTES)}`;
    expect(tasksOf(full.slice(0, MOST_BYTES))).toHaveLength(1);
    for (const content of [full, new TextEncoder().encode(full)])
      expect(faultsOf(content)).toEqual([
        `the file has ${full.length} bytes; at most ${MOST_BYTES} are read, so split it into several files`,
      ]);
    // Two bytes a character.
    expect(faultsOf('é'.repeat(MOST_BYTES / 2 + 1))[0]).toMatch(/^the file has 4194306 bytes/);
  });

  test('is refused where it holds no task or is no text', () => {
    for (const empty of ['', '\n\n', '\ufeff', new Uint8Array()])
      expect(faultsOf(empty)[0]).toMatch(/^the file holds no task; write one a line, like /);
    expect(faultsOf(new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual([
      'the file is not text in UTF-8; save it again in that encoding',
    ]);
    const example = /like (.*)$/.exec(faultsOf('')[0])?.[1] ?? '';
    expect(tasksOf(example)).toHaveLength(1);
  });

  test('shares no task between splits: equal texts are refused, spaces and composition aside', () => {
    const text = 'What  is\tcafé?';
    const twin = ' What is cafe\u0301? ';
    expect(faultsOf(`${line({ text, split: 'train' })}\n\n${line({ text: twin, split: 'heldOut' })}`)).toEqual([
      'line 3, text: is that of line 1; splits share no task, so leave one of the two out',
    ]);
    expect(faultsOf(`${line({ text: 'a', id: 'x' })}\n${line({ text: 'b', id: 'x' })}`)).toEqual([
      'line 2, id: is "x" like that of line 1; write another or leave it out',
    ]);
  });
});

describe('tasks without a split', () => {
  const many = Array.from({ length: 4_000 }, (_, i) => line({ text: `What is ${i} times ${i + 1}?` }));

  test('are dealt 60, 20 and 20 of a hundred', () => {
    const tasks = tasksOf(many.join('\n'));
    const share = (split: string): number => tasks.filter((task) => task.split === split).length / tasks.length;
    // Four standard deviations: 4 sqrt(0.6 * 0.4 / 4000) = 0.031, 4 sqrt(0.2 * 0.8 / 4000) = 0.025.
    expect(Math.abs(share('train') - 0.6)).toBeLessThan(0.031);
    expect(Math.abs(share('validation') - 0.2)).toBeLessThan(0.026);
    expect(Math.abs(share('heldOut') - 0.2)).toBeLessThan(0.026);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
  });

  test('keep theirs, and their names, where lines are added, removed or moved', () => {
    const all = new Map(tasksOf(many.join('\n')).map((task) => [task.text, task]));
    fc.assert(
      fc.property(fc.shuffledSubarray(many.slice(0, 60), { minLength: 1 }), (some) => {
        for (const task of tasksOf(`${line({ text: 'new' })}\n${some.join('\n')}`))
          if (task.text !== 'new') expect(task).toEqual(all.get(task.text));
      }),
    );
  });
});

describe('whatever comes in', () => {
  const scrap = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\n',
      '\r',
      '\\',
      'null',
      '1e999',
      '"text"',
      '"answer"',
      '"grader"',
      '"numeric"',
      '"__proto__"',
      '\ufeff',
      '\0',
    ],
  );
  const field = fc.oneof(
    fc.string(),
    fc.jsonValue(),
    fc.constantFrom('numeric', 'multiple-choice', 'token-f1', 'train', ['a', 'b'], 0.1),
  );
  const nearly = fc.array(
    fc.dictionary(
      fc.constantFrom('text', 'answer', 'grader', 'choices', 'tolerance', 'passages', 'split', 'id', '__proto__'),
      field,
    ),
    { maxLength: 8 },
  );
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(scrap, { maxLength: 40 }).map((parts) => parts.join('')),
    nearly.map((lines) => lines.map((fields) => JSON.stringify(fields)).join('\n')),
  );

  test('it is tasks or a list of faults in words, and never a throw', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        const file = readTaskFile(bytes);
        return file.ok
          ? file.tasks.length > 0 && file.tasks.every(({ answers }) => answers.length > 0)
          : file.faults.length > 0 &&
              file.faults.length <= MOST_FAULTS &&
              file.faults.every((fault) => fault.message.length > 10 && !faultText(fault).includes('\n'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('nesting without end is a fault', () => {
    for (const open of ['[', '{"text":']) expect(faultsOf(open.repeat(MOST_BYTES / open.length))).toHaveLength(1);
    expect(faultsOf(`${'['.repeat(1e6)}${']'.repeat(1e6)}`)).toHaveLength(1);
  });
});

test('tasks that are printed are read back as they were', () => {
  const text = (most: number) => fc.string({ unit: 'binary', minLength: 1, maxLength: most }).map((s) => `x${s}y`);
  const shared = {
    id: text(20),
    text: text(60),
    passages: fc.array(text(60), { maxLength: 3 }),
    split: fc.constantFrom('train' as const, 'validation' as const, 'heldOut' as const),
  };
  const task: fc.Arbitrary<OwnTask> = fc.oneof(
    fc.record({
      ...shared,
      answers: fc.array(text(20), { minLength: 1, maxLength: 4 }),
      grader: fc.constantFrom('exact-match' as const, 'token-f1' as const),
    }),
    fc.record({
      ...shared,
      answers: fc.array(fc.integer().map(String), { minLength: 1, maxLength: 4 }),
      grader: fc.constant('numeric' as const),
      tolerance: fc.double({ min: 0, max: 0.99, noNaN: true }).map((t) => t + 0),
    }),
    fc.record({
      ...shared,
      answers: fc.constantFrom(['A'], ['B', 'y1'], ['x 1']),
      grader: fc.constant('multiple-choice' as const),
      choices: fc.constant(['x 1', 'y1', 'z']),
    }),
  );
  const key = (value: string): string => value.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const tasks = fc
    .uniqueArray(task, { minLength: 1, maxLength: 10, selector: ({ text: question }) => key(question) })
    .filter((some) => new Set(some.map(({ id }) => id)).size === some.length);
  fc.assert(
    fc.property(tasks, (some) => {
      expect(tasksOf(printTaskFile(some))).toEqual(some);
    }),
  );
});
