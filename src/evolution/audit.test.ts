import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from './audit.ts';
import { bestLibrary, needless } from './audit.ts';

/** A plan of one word solves the tasks of its number; `a+b` needs both. */
const plan = (word: string): Plan => ({ plan: [word], allows: [] });
const needs =
  (...tasks: string[][]) =>
  (plans: readonly Plan[], task: number) =>
    tasks[task].every((word) => plans.some((one) => one.plan[0] === word));

describe('what nobody needs', () => {
  test('is one of two that do the same, and what solves nothing; never what alone solves a task', () => {
    // b and c solve the same task.
    const solves = (plans: readonly Plan[], task: number) =>
      plans.some(({ plan: [word] }) => (task === 0 ? word === 'a' : word === 'b' || word === 'c'));
    expect(needless(['a', 'b', 'c', 'd'].map(plan), 2, solves)).toEqual([1, 3]);
  });
});

describe('the best library', () => {
  test('may be of plans that are worth nothing alone', () => {
    const pool = ['a', 'b', 'c'].map(plan);
    const solves = needs(['a'], ['b', 'c'], ['b', 'c']);
    expect(bestLibrary(pool, 1, 3, solves)).toMatchObject({ plans: [0], solved: 1, searched: 4 });
    expect(bestLibrary(pool, 2, 3, solves)).toMatchObject({ plans: [1, 2], solved: 2, searched: 7 });
    expect(bestLibrary(pool, 3, 3, solves)).toMatchObject({ plans: [0, 1, 2], solved: 3, searched: 8 });
  });

  test('is that of asking every library about every task', () => {
    const words = ['a', 'b', 'c', 'd'];
    const task = fc.subarray(words, { minLength: 1 });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 3 }), (tasks, size) => {
        const solves = needs(...tasks);
        const all = Array.from({ length: 2 ** words.length }, (_, bits) =>
          words.filter((__, i) => (bits >> i) % 2 === 1),
        );
        const most = Math.max(
          ...all
            .filter((set) => set.length <= size)
            .map((set) => tasks.filter((_, i) => solves(set.map(plan), i)).length),
        );
        expect(bestLibrary(words.map(plan), size, tasks.length, solves).solved).toBe(most);
      }),
    );
  });
});
