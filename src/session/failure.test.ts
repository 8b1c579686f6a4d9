import { expect, test } from 'vitest';
import { DeviceFailure } from '../gpu/failure.ts';
import { BadCheckpoint } from '../training/badCheckpoint.ts';
import { BadConfig } from '../training/badConfig.ts';
import { isDeviceLost, toFailure } from './failure.ts';

test('an error keeps the hint that it carries', () => {
  expect(toFailure(new BadCheckpoint('tensor "w"', 'is missing', 'Use another.'))).toEqual({
    name: 'BadCheckpoint',
    message: 'tensor "w": is missing',
    hint: 'Use another.',
  });
});

test('an error without one gets the hint of its name', () => {
  const failure = toFailure(new BadConfig([{ path: 'seed', holds: '-1', allowed: 'it may hold 0' }]));
  expect(failure.message).toContain('seed holds -1');
  expect(failure.hint).toContain('field');
});

test('anything that can be thrown gets a message and a hint', () => {
  for (const thrown of [new Error('odd'), 'a text', undefined, null, 3, { message: 'no error' }]) {
    const failure = toFailure(thrown);
    expect(failure.message.length).toBeGreaterThan(0);
    expect(failure.hint).toContain('report');
  }
});

test('only the loss of a device counts as one', () => {
  expect(isDeviceLost(new DeviceFailure('lost', 'gone'))).toBe(true);
  for (const kind of ['validation', 'out-of-memory', 'internal'] as const) {
    expect(isDeviceLost(new DeviceFailure(kind, 'wrong'))).toBe(false);
  }
  expect(isDeviceLost(new Error('lost'))).toBe(false);
});
