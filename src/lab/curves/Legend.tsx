/** The lines of a plot with their values at the step that is read. */
import type { ReactNode } from 'react';
import { figure } from '../format.ts';
import { LineKey } from './LineKey.tsx';
import { type Line, valueAtStep } from './series.ts';

/** More compared lines than these are told by their range; their values are in the table. */
const MOST_COMPARED = 8;

export function Legend({ lines, step }: { readonly lines: readonly Line[]; readonly step: number | null }): ReactNode {
  const compared = lines.filter(({ style }) => style === 'compared');
  const many = compared.length > MOST_COMPARED;
  const shown = many ? lines.filter((line) => !compared.includes(line)) : lines;
  return (
    <ul className="flex flex-wrap gap-x-3 text-[0.92em] text-soft">
      {many && <li className="whitespace-nowrap">{rangeWords(compared, step)}</li>}
      {shown.map((line) => {
        const value = valueIn(line, step);
        return (
          <li key={`${line.style} ${line.label}`} className="max-w-full truncate">
            <LineKey line={line} />
            {line.label} <span className="text-ink">{value === null ? '–' : figure(value)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function valueIn({ points }: Line, step: number | null): number | null {
  return step === null ? (points.at(-1)?.[1] ?? null) : valueAtStep(points, step);
}

function rangeWords(lines: readonly Line[], step: number | null): string {
  const values = lines.flatMap((line) => valueIn(line, step) ?? []).sort((a, b) => a - b);
  if (values.length === 0) return `${lines.length} lines`;
  const median = (values[(values.length - 1) >> 1] + values[values.length >> 1]) / 2;
  return `${values.length} lines: ${figure(values[0])} to ${figure(values[values.length - 1])}, half below ${figure(median)}`;
}
