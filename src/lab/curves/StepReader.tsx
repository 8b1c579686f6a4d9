/** The step at which all curves are read, for those who do not point at them. */
import type { ReactNode } from 'react';

interface StepReaderProps {
  readonly last: number;
  /** null for the last. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
}

export function StepReader({ last, step, onStep }: StepReaderProps): ReactNode {
  const shown = Math.min(step ?? last, last);
  return (
    <label className="flex items-center gap-2 text-soft">
      <span className="min-w-28 shrink-0 whitespace-nowrap">At step {shown.toLocaleString('en')}</span>
      <input
        type="range"
        className="min-w-0 flex-1 accent-flow"
        aria-label="Step at which the curves are read"
        min={0}
        max={Math.max(1, last)}
        value={shown}
        onChange={(event) => onStep(Number(event.target.value))}
        onBlur={() => onStep(null)}
      />
    </label>
  );
}
