/** What every live suite promises, whoever answers. */
import { describe, expect, test } from 'vitest';
import type { Call, Results } from '../../graph/call.ts';
import { SPLITS } from '../../graph/world.ts';
import { contestMathLive } from '../contestMath/live.ts';
import { householdLive } from '../household/live.ts';
import { ownTasks } from '../ownTasks/index.ts';
import type { Suite } from '../suite.ts';
import { twoHopQaLive } from '../twoHopQa/live.ts';

const NONSENSE: Results = { get: ({ act, inputs }: Call) => `${act} of ${inputs.length}` };
const suites: readonly Suite<unknown>[] = [twoHopQaLive, householdLive, contestMathLive, ownTasks];

describe.each(suites.map((suite) => [suite.name, suite] as const))('%s', (_, suite) => {
  const settings = suite.settings.parse({});
  // The example of the docs has few tasks.
  const each = suite.name === 'own-tasks' ? 1 : 16;

  test('has enough tasks for a run at its defaults, none in two splits, and the same ones again', () => {
    const texts = SPLITS.map((split) =>
      Array.from({ length: each }, (__, index) => suite.task(settings, 1, split, index).text),
    );
    const again = SPLITS.map((split) =>
      Array.from({ length: each }, (__, index) => suite.task(settings, 2, split, index).text),
    );
    // The run's seed deals no tasks.
    expect(again).toEqual(texts);
    const [train, validation, heldOut] = texts.map((list) => new Set(list));
    for (const text of train) expect(validation.has(text) || heldOut.has(text)).toBe(false);
    for (const text of validation) expect(heldOut.has(text)).toBe(false);
  });

  test('tells a person an answer that solves the task, where its text does not say what is right', () => {
    for (const split of SPLITS) {
      const task = suite.task(settings, 0, split, 0);
      const given = task.answers?.[0];
      expect(given !== undefined).toBe(suite === twoHopQaLive || suite === ownTasks);
      if (given === undefined) continue;
      const { solved } = task.compile({ results: { get: () => given } });
      expect(solved.length).toBeGreaterThan(0);
      expect(solved.every((one) => one === 1)).toBe(true);
    }
  });

  test('is known as a whole once all is answered, with rewards from 0 to 1, and nothing is solved by nonsense', () => {
    for (const split of SPLITS) {
      const task = suite.task(settings, 0, split, 0);
      expect(task.compile().pending.size).toBeGreaterThan(0);
      const graph = task.compile({ results: NONSENSE });
      expect(graph.states).toBeLessThan(2000);
      for (const reward of graph.reward) expect(reward).toBeGreaterThanOrEqual(0);
      for (const reward of graph.reward) expect(reward).toBeLessThanOrEqual(0.4);
      expect(graph.solved.every((solved) => solved === 0)).toBe(true);
    }
  });
});

describe('contest-math-live', () => {
  const settings = contestMathLive.settings.parse({ numbers: 3, spare: 0, steps: 2 });
  const task = contestMathLive.task(settings, 0, 'train', 0);
  const [target, ...numbers] = task.text.match(/\d+/g)?.map(Number) ?? [];
  const outcomes = (answers: Readonly<Record<string, string>>) => {
    const graph = task.compile({ results: { get: ({ act, inputs }) => answers[`${act} ${inputs.length}`] ?? 'x' } });
    return graph.nodeText.slice(graph.states).map((text, x) => [text, graph.reward[x], graph.solved[x] === 1] as const);
  };

  test('works out what was written, and puts a result back as its expression', () => {
    const [a, b, c] = numbers;
    const graph = task.compile({
      results: {
        get: ({ act, inputs }) => {
          if (act !== 'calculate') return 'x';
          return inputs.length === 0 ? `${a} + ${b}` : `${a + b} * ${c}`;
        },
      },
    });
    const given = numbers.includes(a + b);
    const chained = given ? `${a + b} * ${c}` : `(${a} + ${b}) * ${c}`;
    expect(graph.itemText).toContain(`calculate: ${a} + ${b} = ${a + b}`);
    expect(graph.itemText.some((text) => text.startsWith(`calculate: ${chained} = ${(a + b) * c}`))).toBe(true);
  });

  test('grades an answer by its value and by what it is made of', () => {
    expect(outcomes({ 'answer 0': `${target}` })[0].slice(1)).toEqual([0, false]);
    const [text, reward] = outcomes({ 'answer 0': `${numbers[0]} = 99` })[0];
    expect(text).toBe(`${numbers[0]} = ${numbers[0]}`);
    // 0.4 / (1 + distance)
    expect(reward).toBeCloseTo(0.4 / (1 + Math.abs(numbers[0] - target)), 12);
    expect(outcomes({ 'answer 0': 'twelve' })[0]).toEqual(['twelve', 0, false]);
  });
});

describe('household-live', () => {
  const settings = householdLive.settings.parse({ steps: 1 });
  const task = householdLive.task(settings, 0, 'train', 0);

  test('carries out commands until one is not possible, and says where that leaves the house', () => {
    const graph = task.compile({ results: { get: ({ act }) => (act === 'try' ? '1. juggle\n2. sing' : 'x') } });
    expect(
      graph.itemText.some((text) =>
        /^try: nothing was done \| not possible: juggle \| now: you are in the /.test(text),
      ),
    ).toBe(true);
  });
});
