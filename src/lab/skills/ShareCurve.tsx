/** A skill's share of all steps over training, as each evaluation found it. */
import type { ReactNode } from 'react';
import { percent } from '../flow/figures.ts';

const WIDTH = 480;
const HEIGHT = 74;
const LEFT = 40;
const TOP = 8;
const BOTTOM = HEIGHT - 16;

interface ShareCurveProps {
  /** At least two; shares of 0 to 1. */
  readonly points: readonly (readonly [step: number, share: number])[];
  /** What the evaluations were of, such as held-out. */
  readonly of: string;
}

export function ShareCurve({ points, of }: ShareCurveProps): ReactNode {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const most = Math.max(...points.map(([, share]) => share), 1e-9);
  const x = (step: number): number => LEFT + ((WIDTH - LEFT - 6) * (step - first[0])) / Math.max(1, last[0] - first[0]);
  const y = (share: number): number => BOTTOM - ((BOTTOM - TOP) * share) / most;
  const at = (step: number): string => `step ${step.toLocaleString('en')}`;
  const [before, now] = [percent(first[1]), percent(last[1])];
  const went =
    before === now
      ? `is ${now} at ${at(first[0])} and at ${at(last[0])}`
      : `went from ${before} at ${at(first[0])} to ${now} at ${at(last[0])}`;
  const words = `On ${of} tasks its share of all steps ${went}.`;
  return (
    <>
      <p className="mt-1 text-soft">{words}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block w-full max-w-[480px]" role="img" aria-label={words}>
        <g className="fill-faint text-[11px]">
          {[0, most].map((share) => (
            <g key={share}>
              <line x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} stroke="var(--line)" />
              <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">
                {percent(share)}
              </text>
            </g>
          ))}
          <text x={LEFT} y={HEIGHT - 2}>
            {at(first[0])}
          </text>
          <text x={WIDTH} y={HEIGHT - 2} textAnchor="end">
            {last[0].toLocaleString('en')}
          </text>
        </g>
        <polyline
          points={points.map(([step, share]) => `${x(step).toFixed(1)},${y(share).toFixed(1)}`).join(' ')}
          fill="none"
          stroke="var(--flow)"
          strokeWidth="2"
          strokeLinejoin="round"
        />
        {points.map(([step, share]) => (
          <circle
            key={step}
            cx={x(step)}
            cy={y(share)}
            r="2.6"
            fill="var(--panel)"
            stroke="var(--flow)"
            strokeWidth="1.6"
          >
            <title>{`Step ${step.toLocaleString('en')}: ${percent(share)}`}</title>
          </circle>
        ))}
      </svg>
    </>
  );
}
