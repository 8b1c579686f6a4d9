import { describe, expect, it } from 'vitest';
import { diamond } from '../../worlds/diamond/index.ts';
import { creditView, greedyWalk, taskView } from '../flow/taskView.fixture.ts';
import { decisiveSteps } from './decisive.ts';
import { joinRepeats } from './sampled.ts';
import { along, waterfallOf } from './waterfall.ts';

const view = taskView(diamond);
const left = greedyWalk(view.graph, view.learned.logPF, 0);
const right = greedyWalk(view.graph, view.learned.logPF, 1);
const { trajectories } = creditView(view, [left, right, right]);

describe('the waterfall', () => {
  it('starts at 0, hands each bar on to the next and ends at beta log R~ - log Z', () => {
    for (const trajectory of trajectories) {
      const { bars, total } = waterfallOf(trajectory.steps, trajectory.exactTotal);
      expect(bars[0].from).toBe(0);
      for (let i = 1; i < bars.length; i++) expect(bars[i].from).toBe(bars[i - 1].to);
      expect(total).toBeCloseTo(trajectory.total, 9);
    }
  });

  it('shows digits that add up to the digits of the sum', () => {
    const { bars, shownTotal } = waterfallOf(
      [0.333, 0.333, 0.334].map((credit) => ({ credit, exactCredit: credit })),
      1,
    );
    expect(shownTotal).toBe(1);
    expect(bars.reduce((sum, bar) => sum + bar.shown, 0)).toBeCloseTo(shownTotal, 9);
  });

  it('has an axis that holds every bar, every exact end and zero', () => {
    const { bars, low, high } = waterfallOf(trajectories[1].steps, trajectories[1].exactTotal);
    for (const value of [0, ...bars.flatMap((bar) => [bar.from, bar.to, bar.exactTo])]) {
      expect(along(value, low, high)).toBeGreaterThan(0);
      expect(along(value, low, high)).toBeLessThan(100);
    }
  });
});

describe('the decisive step', () => {
  const steps = (exact: readonly number[], learned: readonly number[]) => ({
    ...trajectories[0],
    steps: exact.map((exactCentred, i) => ({ ...trajectories[0].steps[0], exactCentred, centred: learned[i] })),
  });

  it('is the largest exact centred credit by size, blame included', () => {
    expect(decisiveSteps(steps([0.2, -0.9, 0.4], [0.1, -0.7, 0.2]))).toEqual({ exact: [1], learned: [1], agree: true });
  });

  it('is told apart from the one that the learned credit points at', () => {
    expect(decisiveSteps(steps([0.2, -0.9], [0.8, -0.1]))).toEqual({ exact: [1], learned: [0], agree: false });
  });

  it('may be tied, and may not exist', () => {
    expect(decisiveSteps(steps([0.5, -0.5], [0.5, 0.1])).exact).toEqual([0, 1]);
    expect(decisiveSteps(steps([0, 0], [0, 0])).exact).toEqual([]);
  });
});

describe('sampled walks', () => {
  it('that repeat are joined and counted, the most frequent first', () => {
    expect(joinRepeats(trajectories).map(({ times }) => times)).toEqual([2, 1]);
  });
});
