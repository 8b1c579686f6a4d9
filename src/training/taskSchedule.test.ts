import { describe, expect, test } from 'vitest';
import { learningRateFactor } from './learningRate.ts';
import { createTaskSchedule } from './taskSchedule.ts';

describe('which tasks a step trains on', () => {
  test('takes no task twice in a step, and in an epoch every task at most once', () => {
    const tasksOf = createTaskSchedule(7, 10, 4);
    for (let epoch = 0; epoch < 50; epoch++) {
      const seen = [...tasksOf(2 * epoch), ...tasksOf(2 * epoch + 1)];
      expect(seen).toHaveLength(8); // floor(10 / 4) = 2 steps an epoch
      expect(new Set(seen).size).toBe(8);
    }
  });

  test('leaves out different tasks in different epochs, so that all are trained on', () => {
    const tasksOf = createTaskSchedule(7, 10, 4);
    expect(new Set(Array.from({ length: 40 }, (_, step) => tasksOf(step)).flat()).size).toBe(10);
  });

  test('is a function of the step alone, whatever was asked before', () => {
    const forwards = createTaskSchedule(3, 9, 3);
    const inOrder = Array.from({ length: 12 }, (_, step) => forwards(step));
    const fresh = createTaskSchedule(3, 9, 3);
    for (const step of [11, 0, 5, 3]) expect(fresh(step)).toEqual(inOrder[step]);
    expect(createTaskSchedule(4, 9, 3)(0)).not.toEqual(inOrder[0]);
  });
});

test('learning rates end at 0 where they decay, and are halfway down in the middle', () => {
  expect(learningRateFactor('constant', 0.9)).toBe(1);
  expect(learningRateFactor('linear', 0.25)).toBe(0.75);
  expect(learningRateFactor('cosine', 0.5)).toBeCloseTo(0.5, 12);
  for (const schedule of ['linear', 'cosine'] as const) {
    expect(learningRateFactor(schedule, 0)).toBe(1);
    expect(learningRateFactor(schedule, 1)).toBeCloseTo(0, 12);
  }
});
