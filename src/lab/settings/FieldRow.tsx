/** One setting: its name, its control, a mark if it differs from the last run, what is wrong with it. */
import { type ReactNode, useId, useState } from 'react';
import { useLab } from '../context.ts';
import { type Json, valueAt } from './draft.ts';
import type { Control, Field } from './fields.ts';
import { labelOf } from './labels.ts';
import { useLingeringFocus } from './useLingeringFocus.ts';

interface FieldRowProps {
  readonly field: Field;
  /** Differs from the last run. */
  readonly changed: boolean;
  /** A line of its own for what is written: for texts that are long. */
  readonly wide?: boolean;
}

export function FieldRow({ field, changed, wide = false }: FieldRowProps): ReactNode {
  const { path, control, fallback } = field;
  const value = useLab((state) => valueAt(state.draft, path));
  const error = useLab((state) => state.errors.find((one) => one.path === path)?.message);
  const resolved = useLab((state) => (state.resolved === null ? undefined : valueAt(state.resolved, path)));
  const setField = useLab((state) => state.setField);
  const id = useId();
  const { focused, onFocus, onBlur } = useLingeringFocus();
  const { name, help } = labelOf(path);
  const otherwise = resolved ?? fallback;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears whether the focus is in it
    <div className="py-0.5" onFocus={onFocus} onBlur={onBlur}>
      <div className={wide ? '' : 'flex items-center justify-between gap-2'}>
        <label
          htmlFor={id}
          className={changed ? 'text-focus' : 'text-soft'}
          title={`${help}${help === '' ? '' : ' '}(${path})`}
        >
          {changed && <span aria-hidden="true">• </span>}
          {name}
          {changed && <span className="sr-only"> (differs from the last run)</span>}
        </label>
        <FieldControl
          id={id}
          control={control}
          value={value}
          otherwise={otherwise}
          changed={changed}
          wide={wide}
          describedBy={`${id}-help`}
          invalid={error !== undefined}
          onChange={(next) => setField(path, next)}
        />
      </div>
      <p id={`${id}-help`} className="text-[0.9em]">
        {error !== undefined && (
          <span className="text-minus">
            <span className="font-mono">{path}</span> {error}
          </span>
        )}
        <span className={error === undefined && focused ? 'text-faint' : 'sr-only'}>{help}</span>
      </p>
    </div>
  );
}

interface FieldControlProps {
  readonly id: string;
  readonly control: Control;
  readonly value: Json | undefined;
  /** What holds when nothing is written. */
  readonly otherwise: Json | undefined;
  readonly changed: boolean;
  readonly wide: boolean;
  readonly describedBy: string;
  readonly invalid: boolean;
  onChange(value: Json | undefined): void;
}

function FieldControl(props: FieldControlProps): ReactNode {
  const { id, control, value, otherwise, changed, wide, describedBy, invalid, onChange } = props;
  const shared = {
    id,
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    className: `control ${changed ? 'font-semibold text-focus' : ''}`,
  };
  if (control.kind === 'choice') {
    return (
      <select {...shared} value={String(value ?? otherwise ?? '')} onChange={(event) => onChange(event.target.value)}>
        {control.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  if (control.kind === 'switch') {
    const checked = (value ?? otherwise) === true;
    return <input {...shared} type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />;
  }
  return (
    <TypedInput
      {...shared}
      className={`${shared.className} ${wide ? 'mt-0.5 block w-full' : 'w-24 text-right'}`}
      value={value}
      placeholder={written(otherwise)}
      inputMode={control.kind === 'number' ? 'decimal' : 'text'}
      parse={parserOf(control)}
      onChange={onChange}
    />
  );
}

interface TypedInputProps {
  readonly id: string;
  readonly className: string;
  readonly value: Json | undefined;
  readonly placeholder: string;
  readonly inputMode: 'decimal' | 'text';
  readonly parse: (text: string) => Json | undefined;
  onChange(value: Json | undefined): void;
}

/** A text input that keeps what is being typed (`3e-`) as long as it stands for the present value. */
function TypedInput({ value, parse, onChange, ...input }: TypedInputProps): ReactNode {
  const [text, setText] = useState('');
  const shown = JSON.stringify(parse(text)) === JSON.stringify(value) ? text : written(value);
  return (
    <input
      {...input}
      type="text"
      autoComplete="off"
      spellCheck={false}
      value={shown}
      onChange={(event) => {
        setText(event.target.value);
        onChange(parse(event.target.value));
      }}
      onBlur={() => setText('')}
    />
  );
}

function written(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a text stands for: nothing is the default; what is no number stays text, for the schema to name. */
function parserOf(control: Control): (text: string) => Json | undefined {
  return (text) => {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    if (control.kind === 'number') return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
    if (control.kind === 'text') return trimmed;
    try {
      return JSON.parse(trimmed) as Json;
    } catch {
      return trimmed;
    }
  };
}
