import { describe, expect, it } from 'vitest';
import { evaluation, metrics } from '../fakeSession.fixture.ts';
import { axesOf, PLOT, pathOf } from './axes.ts';
import { entropyCaption, l1Caption, logZCaption, lossCaption, modesCaption, successCaption } from './captions.ts';
import { type CurveRun, curvesOf } from './curves.ts';
import { type Curve, measuredSplits, thinned, valueAtStep } from './series.ts';

function run(changes: Partial<CurveRun>): CurveRun {
  return { name: 'amber-finch', total: 10, config: {}, steps: [], evaluations: [], ...changes };
}

const labels = (curves: readonly Curve[], id: string) =>
  curves.find((curve) => curve.id === id)?.lines.map(({ label, style }) => [label, style]);

describe('the splits that were measured', () => {
  it('begin where something is known of their tasks', () => {
    const split = 'train' as const;
    const rows = [
      evaluation(0, { split, success: 0, l1: 0, unexplored: 1 }),
      evaluation(50, { split, success: 0.2, unexplored: 0.4 }),
      evaluation(100, { split, success: 0.3 }),
    ];
    expect(measuredSplits(rows, 'hypergrid')).toEqual([{ split, points: rows.slice(1) }]);
    expect(measuredSplits(rows.slice(0, 1), 'hypergrid')).toEqual([]);
  });
});

describe('the run before', () => {
  const now = run({ evaluations: [evaluation(0)], steps: [metrics(1)], config: { objective: { kind: 'tb' } } });
  const before = {
    ...now,
    name: 'quiet-otter',
    evaluations: [evaluation(0, { l1: 0.7 }), evaluation(20, { l1: 0.2 })],
  };

  it('lies behind, as far as the present run will go', () => {
    const curves = curvesOf(now, 'hypergrid', before);
    const line = curves.find((curve) => curve.id === 'l1')?.lines.find(({ style }) => style === 'previous');
    expect(line).toEqual({ label: 'quiet-otter', style: 'previous', points: [[0, 0.7]] });
    expect(labels(curves, 'loss')).toEqual([
      ['training batch', 'learned'],
      ['quiet-otter', 'previous'],
    ]);
  });

  it('is left out where it measured another suite, and its loss where that is another loss', () => {
    const other = { ...before, evaluations: [evaluation(0, { suite: 'tree' })] };
    expect(labels(curvesOf(now, 'hypergrid', other), 'l1')).not.toContainEqual(['quiet-otter', 'previous']);
    const ttb = { ...before, config: { objective: { kind: 'ttb' } } };
    expect(labels(curvesOf(now, 'hypergrid', ttb), 'loss')).toEqual([['training batch', 'learned']]);
    expect(labels(curvesOf(now, 'hypergrid', ttb), 'l1')).toContainEqual(['quiet-otter', 'previous']);
  });
});

describe('lines', () => {
  it('shows held-out tasks as the main line, training beside it, the target dashed', () => {
    const evaluations = [evaluation(0), evaluation(0, { split: 'heldOut', success: 0.3 })];
    const success = curvesOf(run({ evaluations }), 'hypergrid', null).find((curve) => curve.id === 'success');
    expect(success?.lines.map(({ label, style, points }) => [label, style, points])).toEqual([
      ['held-out', 'learned', [[0, 0.3]]],
      ['training', 'also', [[0, 0.4]]],
      ['target’s own', 'target', [[0, 0.5]]],
    ]);
  });

  it('leaves out what is undefined, and tasks of another suite', () => {
    const evaluations = [
      evaluation(0, { logZError: null }),
      evaluation(5),
      evaluation(5, { suite: 'tree', logZError: 9 }),
    ];
    const logZ = curvesOf(run({ evaluations }), 'hypergrid', null).find((curve) => curve.id === 'logZ');
    expect(logZ?.lines[0].points).toEqual([[5, 0.1]]);
  });

  it('thins many points to means of neighbours, the last step kept', () => {
    const points = Array.from({ length: 100 }, (_, i) => [i + 1, i + 1] as const);
    // means of 1..50 and of 51..100
    expect(thinned(points, 2)).toEqual([
      [50, 25.5],
      [100, 75.5],
    ]);
    expect(thinned(points, 100)).toBe(points);
  });

  it('reads a line at the last point that is not later', () => {
    const points = [
      [10, 1],
      [20, 2],
    ] as const;
    expect([5, 10, 19, 20, 99].map((step) => valueAtStep(points, step))).toEqual([null, 1, 1, 2, 2]);
  });
});

describe('axes', () => {
  const line = (points: readonly (readonly [number, number])[]) => [{ label: '', style: 'learned', points }] as const;

  it('put the first step left, the last right, the least below and the most above', () => {
    const axes = axesOf({ lines: line([[0, 0]]), from: 0, to: 1, scale: 'linear' }, 50);
    expect([axes.x(0), axes.x(50), axes.y(0), axes.y(1)]).toEqual([PLOT.left, PLOT.right, PLOT.bottom, PLOT.top]);
    expect(axes.stepAt(axes.x(31))).toBe(31);
    expect(
      pathOf(
        [
          [0, 0],
          [50, 1],
        ],
        axes,
      ),
    ).toBe(`M${PLOT.left}.0,${PLOT.bottom}.0L${PLOT.right}.0,${PLOT.top}.0`);
  });

  it('of losses go by powers of ten', () => {
    const axes = axesOf(
      {
        lines: line([
          [1, 8],
          [2, 0.02],
        ]),
        from: null,
        to: null,
        scale: 'log',
      },
      2,
    );
    expect(axes.ticks).toEqual([0.01, 0.1, 1, 10]);
    expect(axes.y(0.1) - axes.y(1)).toBeCloseTo(axes.y(1) - axes.y(10), 9);
  });

  it('have an end that can be read where all values are 0', () => {
    const { ticks } = axesOf({ lines: line([[0, 0]]), from: 0, to: null, scale: 'linear' }, 1);
    expect(ticks).toEqual([0, 0.5, 1]);
  });

  it('hold all points and end at a short number', () => {
    const axes = axesOf({ lines: line([[0, 1.37]]), from: 0, to: null, scale: 'linear' }, 1);
    expect(axes.ticks).toEqual([0, 0.8, 1.6]);
  });
});

describe('captions', () => {
  const measured = (...points: Parameters<typeof evaluation>[]) =>
    measuredSplits(
      points.map((arguments_) => evaluation(...arguments_)),
      'hypergrid',
    )[0];

  it('say by how much more a live run may succeed than was asked for', () => {
    expect(successCaption(measured([10, { success: 0.42, targetSuccess: 0.42, unexplored: 0.02 }]))).toMatch(
      / At most 0\.44: 2\.0% of its walks lead to what was not asked\.$/,
    );
    expect(successCaption(measured([10, { unexplored: 0 }]))).not.toContain('At most');
  });

  it('say how far success is from the target’s own', () => {
    expect(successCaption(measured([10, { split: 'heldOut', success: 0.42, targetSuccess: 0.5 }]))).toBe(
      'On held-out tasks the policy succeeds with probability 0.42, 0.08 below the target’s own 0.5.',
    );
  });

  it('say where the distance came from', () => {
    expect(l1Caption(measured([0, { l1: 1.4 }], [50, { l1: 0.2 }]))).toContain(
      '0.2 of at most 2, down from 1.4 at step 0',
    );
  });

  it('count the solutions that are missing', () => {
    expect(modesCaption(measured([0, { modes: 3, modesOfTarget: 4 }]))).toContain(
      '3 of 4 solutions hold at least half of their share: 1 is missing',
    );
  });

  it('count no solutions where none is known', () => {
    expect(modesCaption(measured([0, { modes: 0, modesOfTarget: 0 }]))).toMatch(/^No outcome that is known solves/);
  });

  it('say whether outcomes are too flat or too sharp', () => {
    expect(entropyCaption(measured([0, { entropy: 1, entropyOfTarget: 2 }]))).toContain('too sharp');
    expect(entropyCaption(measured([0, { entropy: 2, entropyOfTarget: 1 }]))).toContain('too flat');
  });

  it('say why there is no log Z to compare', () => {
    expect(logZCaption(measured([0, { logZError: null }]))).toMatch(/^Undefined, because/);
  });

  it('compare the last ten losses with the first ten', () => {
    const steps = Array.from({ length: 30 }, (_, i) => metrics(i + 1, i < 10 ? 4 : 0.5));
    expect(lossCaption(steps)).toBe('Loss 0.5 over the last 10 steps, 8 times smaller than over the first 10.');
    expect(lossCaption(steps.slice(0, 1))).toBe('Loss 4 so far, over 1 step.');
  });
});
