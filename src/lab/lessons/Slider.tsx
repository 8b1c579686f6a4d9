/** A labelled slider with its value as digits. */
import type { ReactNode } from 'react';
import { useId } from 'react';

interface SliderProps {
  readonly label: ReactNode;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly decimals?: number;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, min, max, step, decimals = 2, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="lesson-slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <output htmlFor={id}>{value.toFixed(decimals)}</output>
    </div>
  );
}
