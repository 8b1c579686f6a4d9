/**
 * A trajectory's credits as a waterfall: each bar starts where the one before it ended, and the
 * last ends at `beta log R~ - log Z`. Pure geometry.
 */
import type { CreditedStep } from '../../session/protocol.ts';
import { roundToSum } from '../flow/figures.ts';

export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Where the bar would end if the step's credit were exact. */
  readonly exactTo: number;
  /** The credit rounded to two decimals, so that the column adds up to `Waterfall.shownTotal`. */
  readonly shown: number;
}

export interface Waterfall {
  readonly bars: readonly Bar[];
  /** Sum of the credits, and the same in two decimals. */
  readonly total: number;
  readonly shownTotal: number;
  /** Range of the axis; 0 lies in it. */
  readonly low: number;
  readonly high: number;
}

/** @param exactTotal what the exact credits add up to */
export function waterfallOf(
  steps: readonly Pick<CreditedStep, 'credit' | 'exactCredit'>[],
  exactTotal: number,
): Waterfall {
  const shown = roundToSum(steps.map((step) => step.credit));
  let running = 0;
  const bars = steps.map((step, i) => {
    const from = running;
    running += step.credit;
    return { from, to: running, exactTo: from + step.exactCredit, shown: shown[i] };
  });
  const reached = [0, exactTotal, ...bars.flatMap((bar) => [bar.to, bar.exactTo])];
  const [low, high] = [Math.min(...reached), Math.max(...reached)];
  const margin = Math.max((high - low) * 0.03, 0.05);
  return {
    bars,
    total: running,
    shownTotal: Math.round(shown.reduce((sum, value) => sum + value, 0) * 100) / 100,
    low: low - margin,
    high: high + margin,
  };
}

/** Position of `value` on an axis from `low` to `high`, in percent of its length. */
export function along(value: number, low: number, high: number): number {
  return ((value - low) / (high - low)) * 100;
}
