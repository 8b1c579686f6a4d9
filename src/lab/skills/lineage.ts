/** The lineage chart: success and what is attainable over training, with each event where it happened. Pure. */
import type { EvolutionEvent } from '../../evolution/events.ts';
import type { Evaluation } from '../../training/records.ts';
import { type Line, type Measured, measuredSplits, type Point, pointsOf, splitName } from '../curves/series.ts';
import { changesActs, isChange, type Numbered, numbered } from './history.ts';

/** A mark on the chart. */
export interface EventMark extends Numbered {
  readonly step: number;
  /** Where it stands on the main line; null for what was turned down, which stands below the plot. */
  readonly value: number | null;
  /** Its place among the marks of its step and kind, from 0. */
  readonly order: number;
}

export interface Lineage {
  /** Success on held-out and validation tasks, and what is attainable, dashed. */
  readonly lines: readonly Line[];
  readonly marks: readonly EventMark[];
  /** Which split the main line and what is attainable are of; null where nothing was measured. */
  readonly split: Measured['split'] | null;
  /** The last event that changed what can be done, where nothing was measured since; null where it was. */
  readonly unmeasured: EvolutionEvent | null;
}

export function lineageOf(
  evaluations: readonly Evaluation[],
  events: readonly EvolutionEvent[],
  suite: string,
): Lineage {
  const measured = measuredSplits(evaluations, suite);
  const main = measured[0];
  const validation = measured.find(({ split }) => split === 'validation');
  const second = validation === main ? undefined : validation;
  const points = pointsOf(main?.points ?? [], ({ success }) => success);
  const best = pointsOf(main?.points ?? [], ({ attainable }) => attainable);
  const lines: readonly Line[] = [
    ...(main ? [{ label: `success, ${splitName(main.split)}`, style: 'learned' as const, points }] : []),
    ...(second
      ? [
          {
            label: 'success, validation',
            style: 'also' as const,
            points: pointsOf(second.points, ({ success }) => success),
          },
        ]
      : []),
    ...(best.length > 0
      ? [
          {
            label: 'best possible with the library',
            style: 'target' as const,
            points: stepped(best, changeSteps(events)),
          },
        ]
      : []),
  ];
  // An evaluation comes before whatever is done to the library at its step.
  const last = evaluations.at(-1)?.step ?? 0;
  const unmeasured = events.findLast((event) => event.step >= last && changesActs(event)) ?? null;
  return { lines, marks: marksOn(points, events), split: main?.split ?? null, unmeasured };
}

function changeSteps(events: readonly EvolutionEvent[]): readonly number[] {
  return events.filter(isChange).map(({ step }) => step);
}

/**
 * What is attainable changes with the library alone, so between two evaluations it jumps where the library last changed
 * between them. Where it did not, the evaluations were of different tasks and the line goes straight.
 */
export function stepped(points: readonly Point[], changes: readonly number[]): readonly Point[] {
  return points.flatMap((point, i): Point[] => {
    const before = points[i - 1];
    const jump = before && changes.findLast((step) => step >= before[0] && step < point[0]);
    return jump === undefined ? [point] : [[jump, before[1]], [jump, point[1]], point];
  });
}

/** The value of a line at a step, between its points in proportion; null where there are none. */
export function heightAt(points: readonly Point[], step: number): number | null {
  const after = points.findIndex(([at]) => at >= step);
  if (after < 0) return points.at(-1)?.[1] ?? null;
  const [right, high] = points[after];
  const before = points[after - 1];
  if (before === undefined || right === before[0]) return high;
  return before[1] + ((high - before[1]) * (step - before[0])) / (right - before[0]);
}

function marksOn(points: readonly Point[], events: readonly EvolutionEvent[]): readonly EventMark[] {
  const counts = new Map<string, number>();
  return numbered(events).map(({ number, event }) => {
    const onLine = event.kind !== 'reject';
    const place = `${event.step} ${onLine}`;
    const order = counts.get(place) ?? 0;
    counts.set(place, order + 1);
    return { number, event, step: event.step, value: onLine ? (heightAt(points, event.step) ?? 0) : null, order };
  });
}
