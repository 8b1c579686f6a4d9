import { describe, expect, test } from 'vitest';
import { settingsOf } from './walk.fixture.ts';
import { isTime, relativeFalls, whenEvidence } from './when.ts';

const when = settingsOf({ when: { rho: 0.125, windows: 2, least: 0.01, headroom: 0.25, every: 30 } }).when;

describe('the falls of a loss', () => {
  test('are relative to the window before', () => {
    expect(relativeFalls([8, 4, 5, 0, 0])).toEqual([0.5, -0.25, 1, 0]);
    expect(relativeFalls([8])).toEqual([]);
    expect(relativeFalls([])).toEqual([]);
  });
});

describe('a plateau', () => {
  test.each([
    ['nothing was measured', [], false],
    ['too few windows', [8, 8], false],
    ['it still falls', [8, 4, 2], false],
    ['the last fall was too large', [8, 8, 6], false],
    ['the first fall was too large', [8, 6, 6], false],
    ['it fell by as much as is asked for', [64, 56, 49], false],
    ['it falls slowly', [64, 57, 50], true],
    ['it rises', [8, 9, 10], true],
    ['earlier falls are past', [80, 8, 8, 8], true],
    ['it is tiny, whatever it does', [8, 1, 0.009], true],
    ['it is tiny in the first window', [0.009], true],
    ['it was tiny and is not', [0.009, 8, 4], false],
  ])('where %s: %j', (_, losses, plateau) => {
    expect(whenEvidence(losses, 0.5, when).plateau).toBe(plateau);
  });

  test('is told with the last falls and what can be attained', () => {
    expect(whenEvidence([16, 8, 8, 6], 0.75, when)).toEqual({
      losses: [16, 8, 8, 6],
      falls: [0, 0.25],
      plateau: false,
      attainable: 0.75,
      headroom: 0.25,
    });
  });
});

describe('the time for a phase', () => {
  const flat = [8, 8, 8];
  const falling = [8, 4, 2];

  test.each([
    [flat, 0.5, true],
    [flat, 0.74, true],
    // Headroom is more than is asked for, not as much.
    [flat, 0.75, false],
    [flat, 1, false],
    [falling, 0.5, false],
    [falling, 1, false],
  ])('is a plateau with headroom: losses %j, attainable %f', (losses, attainable, time) => {
    expect(isTime(whenEvidence(losses, attainable, when), 7, when, false)).toBe(time);
  });

  test('is every plateau where no headroom is asked for', () => {
    const anywhere = settingsOf({ when: { headroom: -1, windows: 2 } }).when;
    expect(isTime(whenEvidence(flat, 1, anywhere), 7, anywhere, false)).toBe(true);
    expect(isTime(whenEvidence(falling, 1, anywhere), 7, anywhere, false)).toBe(false);
  });

  test.each([
    [0, false],
    [29, false],
    [30, true],
    [31, false],
    [60, true],
  ])('by schedule is every so many steps, whatever the loss: step %d', (step, time) => {
    for (const losses of [flat, falling, []]) {
      for (const attainable of [0, 1]) {
        expect(isTime(whenEvidence(losses, attainable, when), step, when, true)).toBe(time);
      }
    }
  });
});
