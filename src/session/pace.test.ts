import { expect, test } from 'vitest';
import { MAX_UNDRAINED, Pace } from './pace.ts';

function paceOf(secondsPerStep: number): Pace {
  const pace = new Pace();
  for (let i = 0; i < 20; i++) pace.measure(pace.untilDrain, pace.untilDrain * secondsPerStep);
  return pace;
}

test('begins with single steps, of unknown speed', () => {
  const pace = new Pace();
  expect([pace.slice, pace.untilDrain, pace.stepsPerSecond]).toEqual([1, 1, 0]);
});

test('reads metrics about four times a second', () => {
  const pace = paceOf(0.02);
  expect(pace.untilDrain * 0.02).toBeCloseTo(0.25, 1);
  expect(pace.stepsPerSecond).toBeCloseTo(50);
});

test('looks at messages about every 30 ms', () => {
  expect(paceOf(0.01).slice).toBe(3);
});

test('never takes more steps than the metrics ring holds', () => {
  expect(paceOf(1e-5).untilDrain).toBe(MAX_UNDRAINED);
  expect(paceOf(0).untilDrain).toBe(MAX_UNDRAINED);
});

test('takes slow steps one by one', () => {
  const pace = paceOf(3);
  expect([pace.slice, pace.untilDrain]).toEqual([1, 1]);
});

test('follows a change of speed within a few measurements', () => {
  const pace = paceOf(1);
  for (let i = 0; i < 8; i++) pace.measure(1, 0.1);
  expect(pace.stepsPerSecond).toBeGreaterThan(9);
});
