/** Estimates with their intervals on one axis with a line at zero. */
import type { ReactNode } from 'react';
import type { Estimate } from '../../skills/skill.ts';
import { signed } from '../flow/figures.ts';

export interface Row {
  readonly name: string;
  /** What it is, in words. */
  readonly help: string;
  /** Null where the skill was not visited. */
  readonly estimate: Estimate | null;
  /** What cannot be below zero is not good for being above it. */
  readonly isPositive?: boolean;
}

const WIDTH = 180;
const HEIGHT = 18;

export function IntervalPlot({ rows, label }: { readonly rows: readonly Row[]; readonly label: string }): ReactNode {
  const ends = rows.flatMap(({ estimate }) => (estimate === null ? [] : [estimate.low, estimate.high]));
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const pad = Math.max((high - low) * 0.06, 1e-3);
  const x = (value: number): number => (WIDTH * (value - low + pad)) / (high - low + 2 * pad);
  return (
    <table className="skill-measures" aria-label={label}>
      <thead className="sr-only">
        <tr>
          <th scope="col">measure</th>
          <th scope="col">picture</th>
          <th scope="col">mean</th>
          <th scope="col">interval</th>
          <th scope="col">what it is</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, help, estimate, isPositive = false }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{estimate !== null && <Interval estimate={estimate} x={x} isPlain={isPositive} />}</td>
            <td className="skill-number">{estimate === null ? '–' : signed(estimate.mean)}</td>
            <td className="skill-number text-soft">
              {estimate === null ? 'not visited' : `${signed(estimate.low)} … ${signed(estimate.high)}`}
            </td>
            <td className="text-soft">{help}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface IntervalProps {
  readonly estimate: Estimate;
  x(value: number): number;
  /** Without colour. */
  readonly isPlain?: boolean;
}

/** One interval with its mean; where all of it lies on one side of zero it is coloured. */
export function Interval({ estimate: { mean, low, high }, x, isPlain = false }: IntervalProps): ReactNode {
  const tone = isPlain ? 'var(--soft)' : low > 0 ? 'var(--plus)' : high < 0 ? 'var(--minus)' : 'var(--soft)';
  const middle = HEIGHT / 2;
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block w-full" preserveAspectRatio="none">
      <line x1={x(0)} x2={x(0)} y1="0" y2={HEIGHT} stroke="var(--edge)" />
      <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} stroke={tone} strokeWidth="2" />
      <line x1={x(low)} x2={x(low)} y1={middle - 4} y2={middle + 4} stroke={tone} strokeWidth="1.4" />
      <line x1={x(high)} x2={x(high)} y1={middle - 4} y2={middle + 4} stroke={tone} strokeWidth="1.4" />
      <circle cx={x(mean)} cy={middle} r="3.4" fill={tone} />
    </svg>
  );
}

/** The mean, its interval, and its picture, for a card. */
export function CardInterval({ estimate }: { readonly estimate: Estimate }): ReactNode {
  const reach = Math.max(0.1, Math.abs(estimate.low), Math.abs(estimate.high)) * 1.1;
  return (
    <span className="flex items-center gap-2">
      <span className="w-20 shrink-0">
        <Interval estimate={estimate} x={(value) => (WIDTH * (value + reach)) / (2 * reach)} />
      </span>
      <span>
        {signed(estimate.mean)}{' '}
        <span className="block whitespace-nowrap text-[0.92em] leading-tight text-soft">
          {signed(estimate.low)} … {signed(estimate.high)}
        </span>
      </span>
    </span>
  );
}
