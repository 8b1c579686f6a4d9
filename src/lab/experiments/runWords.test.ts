import { describe, expect, it } from 'vitest';
import { summarise } from '../../experiments/results.ts';
import { mainRuns } from '../../experiments/spec.ts';
import { recordOf, small } from './experiments.fixture.ts';
import type { Going, Here } from './experimentsStore.ts';
import { failureWords, goingWords, restingWords, scopeWords, underWords } from './runWords.ts';

const planned = mainRuns(small(), []);

function here(kept: number, changes: Partial<Here> = {}): Here {
  const made = planned.slice(0, kept).map((run) => ({ run, record: recordOf(run), error: null }));
  const results = summarise(small(), planned, made, []);
  return { results, kept, of: planned.length, complete: kept === planned.length, ...changes };
}

const going: Going = {
  key: 'small',
  done: 1,
  of: 4,
  failed: 0,
  under: new Map(),
  secondsLeft: 90,
  timed: 1,
  jobs: 1,
  variance: null,
  cancelling: false,
};

describe('what is said of an experiment', () => {
  it('is how many runs it takes, and what they are of', () => {
    expect(scopeWords(small())).toBe('4 runs: 2 arms on 1 suite, 2 seeds.');
    const tuned = small({
      suites: [
        { name: 'a', set: { suites: [{ name: 'diamond' }] } },
        { name: 'b', set: { suites: [{ name: 'diamond' }] }, seeds: [7] },
      ],
      tune: { arms: ['grpo'], grid: { 'optimiser.lr': [0.1, 0.2, 0.3] }, seeds: [9], by: 'success' },
    });
    expect(scopeWords(tuned)).toBe('12 runs: 2 arms on 2 suites, 1 to 2 seeds; 6 runs tune 1 arm.');
  });

  it('before anything is made: what is not known, and what the recorded ones took', () => {
    expect(restingWords(here(0), null)).toBe(
      'None of its runs is kept here. How long they take on this device is known after the first.',
    );
    // Four runs of 30 s each.
    expect(restingWords(here(0), here(4).results)).toMatch(
      /known after the first\. Where the recorded ones were made, 4 runs took 2 min in all\.$/,
    );
  });

  it('where some are kept: how long the rest takes by their mean', () => {
    expect(restingWords(here(1), null)).toBe(
      '1 of 4 runs are kept here and are not made again. One took 30 s on the mean, so the other 3 take about 90 s, one after the other.',
    );
    expect(restingWords(here(4), null)).toBe('All 4 runs are kept here; they took 2 min in all.');
    expect(restingWords(here(4, { complete: false }), null)).toMatch(
      /Only its table of variances is still to be made\.$/,
    );
  });

  it('while it is made: how far, how long, and by what that is judged', () => {
    expect(goingWords({ ...going, done: 0, secondsLeft: null, timed: 0 })).toBe(
      '0 of 4 runs done. How long it takes is known after the first run that is made.',
    );
    expect(goingWords(going)).toBe('1 of 4 runs done. About 90 s left, by the one run made since the start.');
    expect(goingWords({ ...going, done: 3, failed: 1, timed: 2, jobs: 2 })).toBe(
      '3 of 4 runs done, 1 of them failed. About 90 s left, by the mean of 2 runs made since the start, 2 at a time.',
    );
    expect(goingWords({ ...going, cancelling: true })).toMatch(/It is being cancelled/);
    expect(goingWords({ ...going, done: 4, secondsLeft: null, variance: { done: 3, of: 8 } })).toMatch(
      /Now the table of variances: 3 of 8 rows\./,
    );
  });

  it('of a run: its step, what it does besides, and where', () => {
    const run = { name: 'tb on diamond, seed 0', step: 1500, steps: 2000, doing: '', device: null };
    expect(underWords(run)).toBe('tb on diamond, seed 0: step 1,500 of 2,000');
    const device = { backend: 'webgpu', adapter: 'x', software: true } as const;
    expect(underWords({ ...run, doing: 'evaluating', device })).toMatch(/2,000, evaluating, on the software GPU$/);
  });

  it('of what failed: each error once, with the runs that it stopped', () => {
    const made = planned.map((run) => ({ run, record: null, error: run.seed === 0 ? 'A: a' : 'B: b' }));
    expect(failureWords(summarise(small(), planned, made, []))).toEqual([
      'tb on diamond, seed 0 and grpo on diamond, seed 0: A: a',
      'tb on diamond, seed 1 and grpo on diamond, seed 1: B: b',
    ]);
    expect(failureWords(here(2).results)).toEqual([]);
  });
});
