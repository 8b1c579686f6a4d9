import { expect, test } from 'vitest';
import { hurriedSteps } from './hurry.ts';
import { randomSource } from './random.ts';

const stepsOf = (share: number, steps: number | undefined): unknown[] =>
  Array.from({ length: 400 }, (_, task) => hurriedSteps(share, randomSource(3, 0, task), steps));

test('a share of the tasks has one step, the others what they are given', () => {
  expect(new Set(stepsOf(0, 4))).toEqual(new Set([4]));
  expect(new Set(stepsOf(1, 4))).toEqual(new Set([1]));
  const some = stepsOf(0.25, undefined);
  expect(new Set(some)).toEqual(new Set([1, undefined]));
  // Of 400 draws at 0.25 the middle 99.9% are within 0.18 and 0.32.
  const share = some.filter((steps) => steps === 1).length / some.length;
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.32);
});

test('a task that is hurried at a share is hurried at every larger one', () => {
  const at = (share: number) => stepsOf(share, 4);
  const few = at(0.3);
  at(0.6).forEach((steps, task) => {
    if (few[task] === 1) expect(steps).toBe(1);
  });
});
