import { describe, expect, test } from 'vitest';
import { attainableOf, isSolvable } from './attainable.ts';
import { tableGraph } from './walk.fixture.ts';

// An outcome of a table is solved with a reward of 1 or more.
const solvable = tableGraph({ moves: [[1, ~0], [~1]], rewards: [0.5, 1] });
const hopeless = tableGraph({ moves: [[1, ~0], [~0]], rewards: [0.5, 1] });

describe('what can be attained', () => {
  test('is a task of which some outcome that can be reached is solved', () => {
    expect(isSolvable(solvable)).toBe(true);
    expect(isSolvable(hopeless)).toBe(false);
  });

  test('is the share of such tasks, and nothing of no tasks', () => {
    expect(attainableOf([solvable, hopeless, hopeless, solvable, hopeless])).toBe(0.4);
    expect(attainableOf([solvable])).toBe(1);
    expect(attainableOf([hopeless])).toBe(0);
    expect(attainableOf([])).toBe(0);
  });
});
