/** How fast Play takes its steps: a teacher slows them down to be seen one by one. */
import type { ReactNode } from 'react';
import { useLab } from '../context.ts';

const SPEEDS = [16, 4, 1] as const;

export function SpeedChoice(): ReactNode {
  const speed = useLab((state) => state.speed);
  const setSpeed = useLab((state) => state.setSpeed);
  return (
    <select
      aria-label="Speed of Play"
      title="How fast Play takes its steps; slowed down, Flow is drawn anew after each"
      className="control"
      value={speed ?? ''}
      onChange={(event) => void setSpeed(event.target.value === '' ? null : Number(event.target.value))}
    >
      <option value="">full speed</option>
      {SPEEDS.map((each) => (
        <option key={each} value={each}>
          {each} {each === 1 ? 'step' : 'steps'}/s
        </option>
      ))}
    </select>
  );
}
