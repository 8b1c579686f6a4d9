/** The lines of the curves, made from a run's steps and evaluations. Pure. */
import type { Split } from '../../graph/world.ts';
import type { Evaluation, StepMetrics } from '../../training/records.ts';
import type { Mark } from './marks.ts';

export type Point = readonly [step: number, value: number];

export interface Line {
  readonly label: string;
  /**
   * `learned` is solid and strong, `also` solid and thin, `target` dashed, `previous` (of the run before) dashed, faint
   * and behind; `compared` has a mark of its own, `reference` (a policy that needs no learning) is dotted and behind.
   */
  readonly style: 'learned' | 'also' | 'target' | 'previous' | 'compared' | 'reference';
  readonly points: readonly Point[];
  /** How a compared line is told from the others. */
  readonly mark?: Mark | undefined;
  /** Of each point, where it is a mean of `n` runs, the ends of its interval. */
  readonly spread?: readonly Spread[] | undefined;
  /** What stands in the plot on the line, and how far along it (0 to 1). */
  readonly inPlot?: { readonly text: string; readonly at: number } | undefined;
}

export interface Spread {
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export interface Curve {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly lines: readonly Line[];
  /** Ends of the vertical axis; null where the data decide. */
  readonly from: number | null;
  readonly to: number | null;
  readonly scale: 'linear' | 'log';
}

/** Evaluations of one split of one suite, in the order of their steps. */
export interface Measured {
  readonly split: Split;
  readonly points: readonly Evaluation[];
}

const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  train: 'training',
  validation: 'validation',
  heldOut: 'held-out',
};

export function splitName(split: Split): string {
  return SPLIT_NAMES[split];
}

/** Share of the walks that lead to what was not asked, from which an evaluation says nothing of the policy. */
const ALL_UNKNOWN = 0.999;

/**
 * The splits of a suite that were evaluated, the one that counts most first: held-out, validation, training. What was
 * measured where nothing was walked yet, as the training tasks of a live suite before the first step, is left out: its
 * success of 0 and its distance of 0 are no figures of the policy.
 */
export function measuredSplits(evaluations: readonly Evaluation[], suite: string): readonly Measured[] {
  const known = evaluations.filter(({ unexplored = 0 }) => unexplored < ALL_UNKNOWN);
  return (['heldOut', 'validation', 'train'] as const)
    .map((split) => ({ split, points: known.filter((one) => one.suite === suite && one.split === split) }))
    .filter(({ points }) => points.length > 0);
}

/** Points of one measure; where it is undefined there is no point. */
export function pointsOf<T extends { readonly step: number }>(
  rows: readonly T[],
  measure: (row: T) => number | null,
): readonly Point[] {
  return rows.flatMap((row) => {
    const value = measure(row);
    return value === null || !Number.isFinite(value) ? [] : [[row.step, value] as const];
  });
}

/** At most `most` points: each the mean of a run of neighbours, at the last of their steps. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, i) => {
    const from = Math.floor((i * points.length) / most);
    const to = Math.floor(((i + 1) * points.length) / most);
    let sum = 0;
    for (let at = from; at < to; at++) sum += points[at][1];
    return [points[to - 1][0], sum / (to - from)] as const;
  });
}

/** The value of a line at a step: that of the last point at or before it. */
export function valueAtStep(points: readonly Point[], step: number): number | null {
  return points[indexAtStep(points, step)]?.[1] ?? null;
}

/** The last point at or before a step; -1 where there is none. */
export function indexAtStep(points: readonly Point[], step: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Mean of the measure over steps `from` (inclusive) to `to` (exclusive) of the list. */
export function meanOf(
  steps: readonly StepMetrics[],
  measure: (row: StepMetrics) => number,
  from: number,
  to: number,
): number {
  const rows = steps.slice(from, to);
  return rows.reduce((sum, row) => sum + measure(row), 0) / rows.length;
}
