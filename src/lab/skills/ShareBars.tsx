/** Share of the flow over the phases in which it was measured: a bar for each that is known. */
import type { ReactNode } from 'react';
import type { SkillStatistics } from '../../skills/skill.ts';
import { count, percent } from '../flow/figures.ts';

const WIDTH = 480;
const HEIGHT = 44;
const WIDEST = 14;

export function ShareBars({ measured }: { readonly measured: readonly SkillStatistics[] }): ReactNode {
  const [first] = measured;
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(...measured.map(({ flowShare }) => flowShare), 1e-9);
  const span = Math.max(1, last.step - first.step);
  const words = `In the walks of ${count(measured.length, 'phase')}, on training tasks, it went from ${percent(first.flowShare)} at step ${first.step.toLocaleString('en')} to ${percent(last.flowShare)} at step ${last.step.toLocaleString('en')}.`;
  return (
    <>
      <p className="mt-1 text-soft">{words}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block w-full max-w-[480px]" role="img" aria-label={words}>
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--edge)" />
        {measured.map(({ step, flowShare, visits }) => {
          const height = ((HEIGHT - 4) * flowShare) / most;
          const x = ((WIDTH - WIDEST) * (step - first.step)) / span;
          return (
            <rect
              key={step}
              x={x}
              y={HEIGHT - height}
              width={WIDEST}
              height={Math.max(1, height)}
              fill="var(--flow)"
              rx="1.5"
            >
              <title>{`Step ${step}: ${percent(flowShare)}, ${count(visits, 'visit')}`}</title>
            </rect>
          );
        })}
      </svg>
    </>
  );
}
