import type { ReactNode } from 'react';
import { useLab, useParts } from '../context.ts';

/** The presets as a list of one choice. */
export function Presets(): ReactNode {
  const { presets } = useParts();
  const chosen = useLab((state) => state.preset);
  const choose = useLab((state) => state.choosePreset);
  return (
    <fieldset>
      <legend className="heading mb-1.5">Preset</legend>
      {presets.map((preset) => (
        <label
          key={preset.id}
          title={preset.summary}
          className="mb-1 block cursor-pointer rounded-lg border border-line px-2.5 py-0.5 has-checked:border-flow has-checked:bg-flow-soft has-focus-visible:outline-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name="preset"
            className="sr-only"
            value={preset.id}
            checked={preset.id === chosen}
            onChange={() => choose(preset.id)}
            onClick={() => preset.id === chosen && choose(preset.id)}
          />
          <span className={preset.id === chosen ? 'block font-semibold' : 'block'}>{preset.title}</span>
          {preset.id === chosen && preset.summary !== '' && (
            <span className="block text-[0.92em] leading-snug text-soft">{preset.summary}</span>
          )}
        </label>
      ))}
    </fieldset>
  );
}
