import { describe, expect, test } from 'vitest';
import { ratioOf } from './arms.ts';
import { conclusionsOf } from './conclusions.ts';
import type { Interval } from './intervals.ts';
import { HOSTILE, interval, results, resultsWith, resultsWithBar, temperatureResults } from './results.fixture.ts';
import type { Results } from './results.ts';

/** The sentences about one suite's train split. */
const about = (of: Results, suite = 'household'): string[] =>
  conclusionsOf(of)
    .filter((sentence) => sentence.startsWith(`${suite}, train: `))
    .map((sentence) => sentence.replace(/^.*?: /, ''));
const holding = (sentences: readonly string[], ...words: readonly string[]) =>
  sentences.filter((sentence) => words.every((word) => sentence.includes(word)));

test('every suite is spoken of on train and on held-out tasks', () => {
  for (const place of ['household, train', 'household, held-out', 'two-hop QA, train', 'two-hop QA, held-out']) {
    expect(holding(conclusionsOf(results), `${place}: `, 'ttb has success 0.950 ± 0.020 (n = 3)')).toHaveLength(1);
  }
});

describe('collapse', () => {
  test('an arm that learned is said with its success and the modes that it keeps', () => {
    const sentences = about(results);
    expect(sentences).toContain(
      "reinforce has success 0.990 ± 0.010 (n = 3) and keeps the fraction 0.250 ± 0.050 (n = 3) of the target's modes.",
    );
  });

  test('an arm that did not learn is named with the rule, and is not said to keep or lose modes', () => {
    const sentences = about(results);
    const [said, ...more] = holding(sentences, 'grpo');
    expect(more).toEqual([]);
    expect(said).toMatch(/^grpo \(success 0.010 ± 0.005 \(n = 3\)\) did not learn, .*has not collapsed/);
    expect(said).toContain(
      "not above 0.04, the lesser of twice the uniform policy's (0.02) and half of the target's (0.96)",
    );
  });

  test('balance that keeps more, with intervals apart, confirms the claim', () => {
    const sentences = about(results);
    expect(holding(sentences, 'Against reinforce', 'ttb keeps more (0.920 ± 0.020', 'do not overlap')).toHaveLength(1);
    expect(holding(sentences, 'is confirmed here: of 1 pair, balance keeps more in 1, fewer in 0')).toHaveLength(1);
  });

  test('balance that keeps fewer contradicts it as plainly', () => {
    const sentences = about(resultsWith({ values: { ttb: { modesKept: interval(0.1) } } }));
    expect(holding(sentences, 'Against reinforce', 'ttb keeps fewer (0.100 ± 0.020', 'do not overlap')).toHaveLength(1);
    expect(holding(sentences, 'is contradicted here: of 1 pair, balance keeps more in 0, fewer in 1')).toHaveLength(1);
    expect(holding(sentences, 'confirmed')).toEqual([]);
  });

  test.each([
    ['intervals that overlap', interval(0.4, 0.2), 'but the intervals overlap'],
    ['one run', interval(0.9, null, 1), 'but one run has no interval'],
    ['no value', null, 'undefined, because no outcome is solved'],
  ])('%s decide nothing', (_name, modesKept, words) => {
    const sentences = about(resultsWith({ values: { ttb: { modesKept } } }));
    expect(holding(sentences, 'Against reinforce', words)).toHaveLength(1);
    expect(holding(sentences, 'is neither confirmed nor contradicted here')).toHaveLength(1);
  });

  test("an arm whose success stays more than a tenth below the target's own is not compared at equal success", () => {
    const sentences = about(resultsWith({ values: { ttb: { success: interval(0.85) } } }));
    expect(holding(sentences, 'Against')).toEqual([]);
    expect(holding(sentences, 'Nothing can be compared', '0.96', 'no arm of flow balance reaches it')).toHaveLength(1);
  });

  test('equal budgets are stated, and a difference is told', () => {
    expect(about(results)).toContain('Every arm had the same budget: 12,800 executor calls a run.');
    const summaries = results.summaries.map((one) =>
      one.arm === 'ttb' ? { ...one, executorCalls: interval(6400) } : one,
    );
    expect(
      holding(about({ ...results, summaries }), 'NOT equal', 'from 6,400 (ttb) to 12,800', 'factor of 2'),
    ).toHaveLength(1);
  });

  test('runs that failed are counted', () => {
    expect(holding(conclusionsOf(results), '2 of 24 runs did not finish')).toHaveLength(1);
    const begun = results.runs.map((run, i) => (i < 20 ? run : { ...run, status: 'not run' as const, error: null }));
    expect(holding(conclusionsOf({ ...results, runs: begun }), '4 of 24 runs are not made yet')).toHaveLength(1);
  });
});

describe('credit', () => {
  const sentences = about(resultsWith({ figure: 'credit' }));

  test('against the exact flow, flow is best by rank and by hit@1', () => {
    const [said] = holding(sentences, 'ttb, against the exact change of log F');
    expect(said).toContain(
      'by rank, flow credit is best, ρ = 0.900 ± 0.020 (n = 3), then flow credit, centred, ρ = 0.700',
    );
    expect(said).toContain('by hit@1, flow credit is best, 0.800 ± 0.020 (n = 3), then flow credit, centred, 0.750');
    expect(said).toMatch(/by hit@1.*\(the intervals do not overlap\)\.$/);
  });

  test('against the advantage another is, and the truths are said to be different quantities', () => {
    expect(
      holding(sentences, 'ttb, against the exact advantage', 'by rank, flow credit, centred is best, ρ = 0.660'),
    ).toHaveLength(1);
    expect(holding(conclusionsOf(resultsWith({ figure: 'credit' })), 'different quantities')).toHaveLength(1);
  });
});

describe('temperature', () => {
  test("the ratio is that of the arm's learning rates, the forward one from the base", () => {
    expect(ratioOf(temperatureResults(), 'ttb-paper 0.2', 'household')).toBeCloseTo(0.2, 12);
    expect(ratioOf(temperatureResults(), 'ttb', 'household')).toBeNull();
  });

  test('a slope that falls as it should reproduces the fact', () => {
    const sentences = about(temperatureResults());
    expect(holding(sentences, 'falls at every step', '0.97 at 0.05, 0.47 at 1', 'do not overlap')).toHaveLength(1);
    expect(holding(sentences, 'At the ratio 0.05', '0.970 ± 0.030 (n = 4), so this is reproduced')).toHaveLength(1);
    expect(holding(sentences, 'At the ratio 1 ', '0.470 ± 0.030 (n = 4), so this is reproduced')).toHaveLength(1);
    expect(holding(sentences, 'Beside it, ttb: slope 0.990')).toHaveLength(1);
    expect(holding(sentences, 'says nothing about L1')).toHaveLength(1);
  });

  test('fewer than four seeds leave the fact open, and an interval across the bound is told', () => {
    const of = temperatureResults();
    const change = (slope: Interval): Results => ({
      ...of,
      summaries: of.summaries.map((one) =>
        one.arm === 'ttb-paper 1' ? { ...one, values: { ...one.values, slope } } : one,
      ),
    });
    const said = (slope: Interval) => holding(about(change(slope)), 'At the ratio 1 ')[0];
    expect(said(interval(0.222, 4.462, 2))).toMatch(/a mean of 4 seeds or more is asked for, so this is open\.$/);
    expect(said(interval(0.6, 0.2, 4))).toMatch(/reproduced, though its interval reaches past that\.$/);
    expect(said(interval(-0.3, 0.1, 4))).toContain('−0.300 ± 0.100');
  });

  test('a slope that does not fall is said not to', () => {
    const sentences = about(temperatureResults([0.8, 0.85, 0.9, 0.95]));
    expect(holding(sentences, 'does NOT fall')).toHaveLength(1);
    expect(holding(sentences, 'NOT reproduced')).toHaveLength(2);
  });
});

test('variance that falls as 1 / walks has the exponent −1, and objectives are put in order', () => {
  const sentences = about(resultsWith({ figure: 'variance' }));
  expect(
    holding(
      sentences,
      'ttb at',
      'of step 100',
      'is 2.500 ± 0.155 (n = 3) with 16 walks',
      'falls 8-fold for 8 times',
      'exponent −1.00',
    ),
  ).toHaveLength(1);
  // Seeds give 39, 40 and 41 over 16: their standard error is 1 / 16 / sqrt(3), and Student's t 4.303.
  expect(4.303 / 16 / Math.sqrt(3)).toBeCloseTo(0.155, 3);
  expect(holding(sentences, 'At 128 walks and step 100', 'ttb 0.313 ± 0.019 (n = 3), reinforce 1.250')).toHaveLength(1);
  expect(holding(sentences, 'At 128 walks and step 1,', 'ttb 1.250', 'reinforce 5.000')).toHaveLength(1);
});

describe('comparison', () => {
  test('differences whose interval leaves out 0 are told with their sign, others are not', () => {
    const [said] = holding(about(resultsWith({ figure: 'comparison' })), 'reinforce − ttb');
    expect(said).toContain('success +0.040 ± 0.030 (n = 3)');
    expect(said).toContain('modes kept −0.670 ± 0.030 (n = 3)');
    expect(said).not.toContain('entropy');
    const [other] = holding(about(resultsWith({ figure: 'comparison' })), `${HOSTILE} − ttb`);
    expect(other).toContain('slope +0.420');
    expect(other).not.toContain('success');
  });

  test('what runs are held to comes first, run by run and not by the mean', () => {
    const sentences = about(resultsWithBar());
    expect(sentences.slice(0, 3)).toEqual([
      'ttb meets the bar, an L1 of at most 0.15, in every run; the largest L1 is 0.15.',
      'reinforce misses the bar, an L1 of at most 0.15, in 1 of 3 runs: 0.16 with seed 1.',
      'grpo misses the bar, an L1 of at most 0.15, in 3 of 3 runs: 1.7 with seed 0, 1.7 with seed 1 and 1.7 with seed 2.',
    ]);
    // What left no record is said to be missing, and neither meets nor misses anything.
    expect(holding(sentences.slice(0, 3), HOSTILE)).toEqual([]);
    expect(holding(about(resultsWithBar(), 'two-hop QA'), 'bar')).toEqual([]);
  });

  test('how many that is of how many', () => {
    // Of nine measures each, four of reinforce and three of sft (not success) differ from ttb, and two of grpo's six.
    const text = holding(about(resultsWith({ figure: 'comparison' })), 'differences from ttb')[0];
    expect(text).toMatch(/^9 of 24 differences from ttb have a 95% interval that leaves out 0/);
  });
});

describe('evolution', () => {
  test('says what each way reached of what its library allows, and which it beats seed by seed', () => {
    const sentences = about(resultsWith({ figure: 'evolution' }));
    expect(holding(sentences, 'ttb: success', 'of it')).toHaveLength(1);
    const [claimed] = holding(sentences, 'ttb beats');
    // The made-up difference of reinforce is positive, with an interval that leaves out 0.
    expect(claimed).toContain('reinforce is above ttb');
    expect(claimed).toMatch(/^ttb beats \d of \d others in success/);
  });
});
