/** The switch of evolution, its thresholds while it is on, and the skills that the run begins with. */
import { type ReactNode, useId } from 'react';
import { useLab } from '../context.ts';
import { valueAt } from './draft.ts';
import { FieldRow } from './FieldRow.tsx';
import type { Field } from './fields.ts';
import { labelOf } from './labels.ts';

const SWITCH = 'evolution.enabled';

interface EvolutionFieldsProps {
  readonly fields: readonly Field[];
  readonly changed: ReadonlySet<string>;
}

export function EvolutionFields({ fields, changed }: EvolutionFieldsProps): ReactNode {
  // Absent it is off, though its own schema has it on.
  const on = useLab((state) => {
    const evolution = valueAt(state.draft, 'evolution');
    return evolution !== undefined && valueAt(state.draft, SWITCH) !== false;
  });
  const bare = useLab((state) =>
    Object.keys(valueAt(state.draft, 'evolution') ?? {}).every((key) => key === 'enabled'),
  );
  const setField = useLab((state) => state.setField);
  const id = useId();
  const { name, help } = labelOf(SWITCH);
  const marked = changed.has(SWITCH);

  function turn(next: boolean): void {
    if (next) setField(SWITCH, true);
    // Thresholds that were set are kept for when it is switched on again.
    else setField(bare ? 'evolution' : SWITCH, bare ? undefined : false);
  }

  return (
    <>
      <div className="flex items-center justify-between gap-2 py-0.5">
        <label htmlFor={id} className={marked ? 'text-focus' : 'text-soft'} title={`${help} (${SWITCH})`}>
          {marked && <span aria-hidden="true">• </span>}
          {name}
          {marked && <span className="sr-only"> (differs from the last run)</span>}
        </label>
        <input
          id={id}
          type="checkbox"
          className="control"
          checked={on}
          aria-describedby={`${id}-help`}
          onChange={(event) => turn(event.target.checked)}
        />
      </div>
      <p id={`${id}-help`} className="text-[0.92em] text-faint">
        {help} The gate needs validation tasks.
      </p>
      {on &&
        fields
          .filter(({ path }) => path !== SWITCH)
          .map((field) => <FieldRow key={field.path} field={field} changed={changed.has(field.path)} />)}
      <FirstSkills />
    </>
  );
}

/** The skills in the settings; they are written in the Skills view or in files. */
function FirstSkills(): ReactNode {
  const names = useLab((state) => namesOf(valueAt(state.draft, 'library')));
  const setField = useLab((state) => state.setField);
  if (names === '') return null;
  return (
    <div className="flex items-start justify-between gap-2 py-0.5">
      <span className="min-w-0 break-words text-soft">Begins with the skills {names}.</span>
      <button type="button" className="button" onClick={() => setField('library', undefined)}>
        Clear<span className="sr-only"> the skills that the run begins with</span>
      </button>
    </div>
  );
}

function namesOf(library: unknown): string {
  if (!Array.isArray(library)) return '';
  return library
    .map((one: unknown) =>
      one !== null && typeof one === 'object' && 'name' in one && typeof one.name === 'string' ? one.name : '?',
    )
    .join(', ');
}
