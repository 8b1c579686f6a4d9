import { describe, expect, it } from 'vitest';
import { EVOLVED } from './evolvingRun.fixture.ts';
import { heightAt, lineageOf, stepped } from './lineage.ts';

describe('what is attainable', () => {
  it('jumps where the library changed last between two evaluations', () => {
    const points = [
      [0, 0.3],
      [50, 0.3],
      [100, 0.6],
    ] as const;
    expect(stepped(points, [60, 80])).toEqual([
      [0, 0.3],
      [50, 0.3],
      [80, 0.3],
      [80, 0.6],
      [100, 0.6],
    ]);
  });

  it('goes straight where only the tasks were others', () => {
    const points = [
      [50, 0.3],
      [100, 0.4],
    ] as const;
    // A change at the evaluation itself comes after it.
    expect(stepped(points, [20, 100])).toEqual(points);
  });
});

it('a mark stands on the line between two points in proportion', () => {
  const points = [
    [10, 0],
    [20, 1],
  ] as const;
  expect([0, 10, 15, 20, 99].map((step) => heightAt(points, step))).toEqual([0, 0, 0.5, 1, 1]);
  expect(heightAt([], 5)).toBeNull();
});

it('shows success on held-out and validation tasks, the best possible dashed, and every event once', () => {
  const { lines, marks, split } = lineageOf(EVOLVED.evaluations, EVOLVED.events, 'household');
  expect(split).toBe('heldOut');
  expect(lines.map(({ label, style }) => [label, style])).toEqual([
    ['success, held-out', 'learned'],
    ['success, validation', 'also'],
    ['best possible with the library', 'target'],
  ]);
  expect(marks.map(({ number }) => number)).toEqual(EVOLVED.events.map((_, i) => i));
  expect(marks.every(({ event, value }) => (value === null) === (event.kind === 'reject'))).toBe(true);
  // Three proposals at step 60: two were turned down and stand one below the other.
  expect(marks.filter(({ step }) => step === 60).map(({ value, order }) => [value === null, order])).toEqual([
    [true, 0],
    [true, 1],
    [false, 0],
  ]);
});
