import { describe, expect, test } from 'vitest';
import { countPlaywright, countVitest, judgeTier } from './testCounts.mjs';

describe('the closing line of the test command', () => {
  test('counts a Vitest test that was skipped or left to do as failed', () => {
    const statuses = ['passed', 'passed', 'failed', 'skipped', 'pending', 'todo'];
    const report = { testResults: [{ assertionResults: statuses.map((status) => ({ status })) }] };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 4 });
  });

  test('counts a test file that could not be loaded as a failure', () => {
    expect(countVitest({ testResults: [{ assertionResults: [] }] })).toEqual({ passed: 0, failed: 1 });
  });

  test('counts what Playwright skipped, repeated or met outside of a test as failed', () => {
    const stats = { expected: 5, skipped: 1, unexpected: 2, flaky: 1 };
    expect(countPlaywright({ stats, errors: ['no server'] })).toEqual({ passed: 5, failed: 5 });
  });

  test('fails a tier without tests, without a report, or with a bad exit after good tests', () => {
    expect(judgeTier({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
    expect(judgeTier(undefined, 0)).toEqual({ passed: 0, failed: 1 });
    expect(judgeTier({ passed: 9, failed: 0 }, 1)).toEqual({ passed: 9, failed: 1 });
  });

  test('takes the counts of a sound tier as they are', () => {
    expect(judgeTier({ passed: 9, failed: 0 }, 0)).toEqual({ passed: 9, failed: 0 });
    expect(judgeTier({ passed: 9, failed: 2 }, 1)).toEqual({ passed: 9, failed: 2 });
  });
});
