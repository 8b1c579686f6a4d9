import { describe, expect, it } from 'vitest';
import { marksOf } from '../curves/marks.ts';
import { compareRuns } from './comparison.ts';
import { MEASURES } from './measures.ts';
import { type ResultRow, sortRows } from './results.ts';
import { invented } from './runs.fixture.ts';
import { splitsOf, suitesOf } from './splits.ts';
import { binned, interval, spreadOf } from './spread.ts';
import { lossWords, measureWords } from './words.ts';

const asked = { by: 'objective.kind', suite: 'diamond', split: 'heldOut' } as const;
const runs = ['ttb', 'grpo'].flatMap((kind) => [0, 1, 2].map((seed) => invented({ kind, seed })));
const measure = (id: string) => MEASURES.find((one) => one.id === id) ?? expect.fail(id);

describe('the spread of runs', () => {
  it('is the mean and its 95% interval by Student’s t', () => {
    const { mean, low, high, n } = interval([1, 2, 3]);
    // sd 1, t(2, 0.975) = 4.30265: half the width is 4.30265 / sqrt(3)
    expect([mean, n]).toEqual([2, 3]);
    expect(high - mean).toBeCloseTo(4.30265 / Math.sqrt(3), 4);
    expect(mean - low).toBeCloseTo(4.30265 / Math.sqrt(3), 4);
  });

  it('of one run is a line without a band', () => {
    expect(interval([3])).toEqual({ mean: 3, low: 3, high: 3, n: 1 });
  });

  it('on a logarithmic scale is the geometric mean, which stays above zero', () => {
    const { mean, low, high } = interval([0.01, 1], 'log');
    expect(mean).toBeCloseTo(0.1, 12);
    expect(low).toBeGreaterThan(0);
    expect(low * high).toBeCloseTo(0.01, 12);
  });

  it('counts at each step the runs that have it', () => {
    const spread = spreadOf(
      [
        [
          [0, 1],
          [50, 3],
        ],
        [[0, 3]],
      ],
      'linear',
    );
    expect(spread.map(({ step, mean, n }) => [step, mean, n])).toEqual([
      [0, 2, 2],
      [50, 3, 1],
    ]);
  });

  it('of many steps is taken over the same stretches in every run', () => {
    const points = Array.from({ length: 10 }, (_, i) => [i + 1, i + 1] as const);
    expect(binned(points, 10, 2)).toEqual([
      [5, 3],
      [10, 8],
    ]);
    expect(binned(points.slice(0, 7), 10, 2)).toEqual([
      [5, 3],
      [10, 6.5],
    ]);
    expect(binned(points, 10, 10)).toBe(points);
  });
});

describe('a comparison', () => {
  const { curves, rows, groups, without } = compareRuns(runs, asked);
  const lines = (id: string) => curves.find((curve) => curve.id === id)?.lines ?? [];

  it('has a curve per measure and one of the loss, a line per group', () => {
    expect(curves.map(({ id }) => id)).toEqual([...MEASURES.map(({ id }) => id), 'loss']);
    expect(groups.map(({ label }) => label)).toEqual(['grpo', 'ttb']);
    const [grpo] = lines('l1');
    expect(grpo).toMatchObject({ label: 'grpo', style: 'compared' });
    expect(grpo.spread?.map(({ n }) => n)).toEqual(Array(9).fill(3));
    expect(without).toEqual([]);
  });

  it('has reference policies where the measure has them, and the target’s entropy', () => {
    const others = (id: string) => lines(id).filter(({ style }) => style !== 'compared');
    expect(others('success').map(({ label, points }) => [label, points[0][1]])).toEqual([
      ['random', 0.2],
      ['greedy', 1],
      ['optimal', 0.7],
    ]);
    expect(others('entropy').map(({ label }) => label)).toEqual(['target’s', 'random', 'greedy']);
    expect(others('logZError')).toEqual([]);
    expect(others('loss')).toEqual([]);
  });

  it('says between what a reference lies where the tasks of the runs are not the same', () => {
    const other = invented({ kind: 'ttb', seed: 4 });
    const references = other.record.references.map((row) => ({ ...row, success: row.success / 2 }));
    const changed = { ...other, record: { ...other.record, references } };
    const success = compareRuns([runs[0], changed], asked).curves[0].lines;
    expect(success.find(({ inPlot }) => inPlot?.text === 'random')?.label).toBe('random (0.1 to 0.2)');
  });

  it('leaves a loss of either sign out of the logarithmic plot, and says so', () => {
    const [run] = runs;
    const steps = run.record.steps.map((row, i) => ({ ...row, loss: i % 2 === 0 ? row.loss : -row.loss }));
    const loss = compareRuns([{ ...run, record: { ...run.record, steps } }, runs[3]], asked).curves.at(-1);
    expect(loss?.lines.map(({ label }) => label)).toEqual(['grpo']);
    expect(loss?.caption).toContain('Left out: ttb,');
  });

  it('leaves out the runs that were not evaluated on the split', () => {
    const none = compareRuns(runs, { ...asked, split: 'validation' });
    expect([none.groups, none.without]).toEqual([[], runs]);
    expect(splitsOf(runs, 'diamond')).toEqual(['heldOut', 'train']);
    expect(suitesOf(runs)).toEqual(['diamond']);
  });

  it('ends in rows whose undefined measures are undefined, with how many runs have each', () => {
    const grpo = rows.find(({ label }) => label === 'grpo');
    expect(grpo?.results.get('logZError')).toEqual({ mean: null, halfWidth: 0, n: 0 });
    const half = [runs[0], { ...invented({ kind: 'ttb', seed: 9, collapse: null }) }];
    expect(compareRuns(half, asked).rows[0].results.get('collapse')).toEqual({ mean: 0.1, halfWidth: 0, n: 1 });
    expect(grpo?.steps).toEqual([8]);
  });
});

describe('runs over a language model', () => {
  const shares = [0.01, 0.03, 0.02];
  const live = shares.map((unexplored, seed) => {
    const run = invented({ kind: 'ttb', seed });
    // Early evaluations may have left more unasked: only the last ones stand in the table.
    const evaluations = run.record.evaluations.map((one) => ({
      ...one,
      unexplored: one.step === 8 ? unexplored : 0.5,
    }));
    return { ...run, record: { ...run.record, evaluations } };
  });

  it('have by how much their success could be larger in their row, the others nothing', () => {
    const { rows } = compareRuns([...live, invented({ kind: 'grpo', seed: 0 })], asked);
    expect(rows.map(({ label, unexplored }) => [label, unexplored])).toEqual([
      ['grpo', 0],
      ['ttb', 0.03],
    ]);
  });
});

describe('rows', () => {
  const row = (label: string, mean: number | null): ResultRow => ({
    key: label,
    label,
    runs: [],
    steps: [],
    results: new Map([['l1', { mean, halfWidth: 0.1, n: 4 }]]),
    unexplored: 0,
  });
  const all = [row('b', 2), row('c', null), row('a', 1)];
  const order = (by: string, descending: boolean) => sortRows(all, { by, descending }).map(({ label }) => label);

  it('are sorted by any column, what is undefined last either way', () => {
    expect(order('l1', false)).toEqual(['a', 'b', 'c']);
    expect(order('l1', true)).toEqual(['b', 'a', 'c']);
    expect(order('label', true)).toEqual(['c', 'b', 'a']);
  });

  it('are told in words, the best first, with what can be said of the first two', () => {
    expect(measureWords(measure('l1'), all)).toBe(
      'At the end (n = 4): a 1 ± 0.1, b 2 ± 0.1. The 95% intervals of the first two lie apart. Undefined for c: .',
    );
    expect(measureWords(measure('l1'), [row('a', 1), row('b', 1.1)])).toContain('of the first two overlap.');
    expect(
      measureWords(
        measure('l1'),
        [1, 2, 3, 4].map((value) => row(`r${value}`, value)),
      ),
    ).toContain('of 4 lines r1 1 ± 0.1 is the lowest, r4 4 ± 0.1 the highest.');
    expect(measureWords(measure('l1'), [])).toBe('Nothing was measured yet.');
  });

  it('say why a measure is undefined', () => {
    const { curves } = compareRuns(runs, asked);
    expect(curves.find(({ id }) => id === 'logZError')?.caption).toContain(
      'Undefined for grpo: the objective has no head for log Z.',
    );
  });

  it('of losses warn where they are of different objectives', () => {
    const lines = [
      {
        label: 'tb',
        style: 'compared',
        points: [
          [1, 4],
          [8, 0.5],
        ],
      },
    ] as const;
    expect(lossWords(lines, false, [])).toBe('On the training batches, geometric means: tb from 4 to 0.5.');
    expect(lossWords(lines, true, ['grpo'])).toContain('Left out: grpo, whose loss is a surrogate');
    expect(lossWords(lines, true, [])).toContain('Each objective has a loss of its own');
  });
});

describe('marks', () => {
  it('of objectives stay the same whichever others are there', () => {
    for (const kind of ['ttb', 'tb', 'grpo', 'ppo'])
      expect(marksOf([kind]).get(kind)).toEqual(marksOf(['grpo', 'ppo', 'tb', 'ttb']).get(kind));
    expect(marksOf(['amber-finch'])).toEqual(marksOf(['amber-finch']));
  });

  it('are told apart without hue: the first four by dashes, by hue too the first eight', () => {
    const marks = [...marksOf(Array.from({ length: 40 }, (_, i) => `line ${i}`)).values()];
    expect(new Set(marks.slice(0, 4).map(({ dashes }) => dashes)).size).toBe(4);
    expect(new Set(marks.slice(0, 8).map(({ hue }) => hue)).size).toBe(8);
  });
});
