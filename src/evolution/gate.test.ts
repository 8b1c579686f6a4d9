import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairedGate } from './gate.ts';
import { settingsOf } from './walk.fixture.ts';

const gate = settingsOf({ gate: { gain: 0.05, errors: 2 } }).gate;

describe('the gate', () => {
  test('compares task by task, and counts the seeds of one task as one', () => {
    const without = [
      [0.1, 0.2, 0.3, 0.4],
      [0.3, 0.2, 0.1, 0.4],
    ];
    const withChange = [
      [0.5, 0.6, 0.3, 0.8],
      [0.5, 0.4, 0.5, 0.6],
    ];
    // Differences of the tasks, over both seeds: (0.4 + 0.2) / 2, (0.4 + 0.2) / 2, (0 + 0.4) / 2, (0.4 + 0.2) / 2.
    // Their mean is 0.275, their variance 3 (0.025)^2 + (0.075)^2 over 3 = 0.0025, the error sqrt(0.0025 / 4) = 0.025.
    const result = pairedGate(without, withChange, gate);
    expect(result.before).toBeCloseTo(0.25, 12);
    expect(result.after).toBeCloseTo(0.525, 12);
    expect(result.gain).toBeCloseTo(0.275, 12);
    expect(result.standardError).toBeCloseTo(0.025, 12);
    expect(result.threshold).toBeCloseTo(0.05, 12);
    expect(result).toMatchObject({ pairs: 8, verdict: 'gains' });
  });

  test('asks for more than the error where that is large', () => {
    // Differences 0 and 0.4: mean 0.2, error 0.2, threshold 0.4.
    const result = pairedGate([[0, 0]], [[0, 0.4]], gate);
    expect(result.gain).toBeCloseTo(0.2, 12);
    expect(result.standardError).toBeCloseTo(0.2, 12);
    expect(result.threshold).toBeCloseTo(0.4, 12);
    expect(result.verdict).toBe('changes nothing');
    const bold = settingsOf({ gate: { gain: 0.05, errors: 0 } }).gate;
    expect(pairedGate([[0, 0]], [[0, 0.4]], bold)).toMatchObject({ threshold: 0.05, verdict: 'gains' });
  });

  test.each([
    [0.0625, 'changes nothing'],
    [0.07, 'gains'],
    [-0.0625, 'changes nothing'],
    [-0.07, 'loses'],
    [0, 'changes nothing'],
  ])('takes more than the least gain, and no less a loss: %f', (gain, verdict) => {
    const settings = settingsOf({ gate: { gain: 0.0625 } }).gate;
    expect(pairedGate([[0.5, 0.25]], [[0.5 + gain, 0.25 + gain]], settings).verdict).toBe(verdict);
  });

  test('of one task has no error to ask for', () => {
    expect(pairedGate([[0.2], [0.4]], [[0.8], [0.4]], gate)).toMatchObject({ standardError: 0, pairs: 2 });
  });

  test('is turned round where the two change places', () => {
    const reward = fc.double({ min: 0, max: 1, noNaN: true });
    const rewards = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 })).chain(([seeds, tasks]) => {
      const row = fc.array(reward, { minLength: tasks, maxLength: tasks });
      const trial = fc.array(row, { minLength: seeds, maxLength: seeds });
      return fc.tuple(trial, trial);
    });
    const opposite = { gains: 'loses', loses: 'gains', 'changes nothing': 'changes nothing' };
    fc.assert(
      fc.property(rewards, ([a, b]) => {
        const there = pairedGate(a, b, gate);
        const back = pairedGate(b, a, gate);
        expect(back.gain).toBeCloseTo(-there.gain, 12);
        expect(back.standardError).toBeCloseTo(there.standardError, 12);
        expect([back.before, back.after]).toEqual([there.after, there.before]);
        expect(there.after - there.before).toBeCloseTo(there.gain, 12);
        expect(back.verdict).toBe(opposite[there.verdict]);
        expect(pairedGate(a, a, gate)).toMatchObject({ gain: 0, standardError: 0, verdict: 'changes nothing' });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('refuses what was not measured on the same tasks and seeds', () => {
    for (const [without, withChange] of [
      [[], []],
      [[[]], [[]]],
      [[[1]], [[1], [1]]],
      [[[1, 1]], [[1]]],
      [
        [[1], [1, 1]],
        [[1], [1]],
      ],
    ]) {
      expect(() => pairedGate(without, withChange, gate)).toThrow(RangeError);
    }
  });
});
