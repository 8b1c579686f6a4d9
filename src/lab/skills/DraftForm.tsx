/** Writes a skill by hand: its six fields, checked while they are written. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Library, Skill, SkillDraft } from '../../skills/skill.ts';
import { BLANK, draftOf, FIELDS, faultsOf, type Written, writtenOf } from './draftFault.ts';
import { Template } from './Plan.tsx';

interface DraftFormProps {
  /** The skill that is edited; null for a new one. */
  readonly old: Skill | null;
  readonly library: Library;
  readonly slots: number;
  readonly changing: boolean;
  readonly onSave: (draft: SkillDraft) => void;
  readonly onClose: () => void;
}

const LABELS: Readonly<Record<keyof Written, { readonly name: string; readonly help: string }>> = {
  name: { name: 'Name', help: 'lower-case words with hyphens, such as take-and-heat' },
  description: { name: 'When to use it', help: '' },
  plan: {
    name: 'Plan',
    help: 'An act on each line, as the executor words it; {a} stands for one or more words, the same wherever it stands.',
  },
  pitfall: { name: 'Pitfall', help: 'what to beware of' },
  constraint: { name: 'Constraint', help: 'what must hold, in words' },
  allows: { name: 'Only where one can', help: 'kinds of act that must be possible, separated by spaces' },
};

export function DraftForm({ old, library, slots, changing, onSave, onClose }: DraftFormProps): ReactNode {
  const [written, setWritten] = useState<Written>(old === null ? BLANK : writtenOf(old));
  /** What is wrong is said of what was written in, and of all once it was to be saved. */
  const [touched, setTouched] = useState<ReadonlySet<keyof Written>>(new Set());
  const first = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => first.current?.focus(), []);
  const draft = draftOf(written);
  const faults = faultsOf(draft, old, library, slots);
  const shown = faults.filter(({ field }) => (field === null ? touched.size > 0 : touched.has(field)));
  const ofPlan = faults.some(({ field }) => field === 'plan');
  const ofAll = shown.find(({ field }) => field === null)?.message;
  const taken = library.skills.some(({ name, slot }) => name === draft.name && slot !== old?.slot);

  function save(event: FormEvent): void {
    event.preventDefault();
    setTouched(new Set(FIELDS));
    if (faults.length === 0 && !changing) onSave(draft);
  }

  function field(key: keyof Written): ReactNode {
    const { name, help } = LABELS[key];
    const fault = shown.find((one) => one.field === key)?.message;
    const shared = {
      id: `${id}-${key}`,
      className: `control ${key === 'plan' || key === 'name' || key === 'allows' ? 'font-mono text-[0.92em]' : ''}`,
      value: written[key],
      'aria-invalid': fault !== undefined,
      'aria-describedby': `${id}-${key}-help`,
      spellCheck: key !== 'plan' && key !== 'name' && key !== 'allows',
      onChange: (event: { readonly target: { readonly value: string } }) => {
        setTouched(new Set([...touched, key]));
        setWritten({ ...written, [key]: event.target.value });
      },
    };
    return (
      <div key={key}>
        <label htmlFor={shared.id}>{name}</label>
        {key === 'name' || key === 'allows' ? (
          <input {...shared} type="text" autoComplete="off" ref={key === 'name' ? first : undefined} />
        ) : (
          <textarea {...shared} rows={key === 'plan' ? Math.max(3, written.plan.split('\n').length) : 2} />
        )}
        <p id={`${id}-${key}-help`} className="mt-0.5 text-[0.92em] text-faint">
          {fault === undefined ? help : <span className="text-minus">{fault}</span>}
        </p>
      </div>
    );
  }

  return (
    <form
      aria-label={old === null ? 'A new skill' : `Edit ${old.name}`}
      className="skill-panel skill-form"
      onSubmit={save}
    >
      <h2 className="text-[1.08rem] font-bold break-all">{old === null ? 'A new skill' : `Edit ${old.name}`}</h2>
      {FIELDS.map(field)}
      {draft.plan.length > 0 && !ofPlan && (
        <p className="skill-line mt-1 text-[0.92em] text-soft">
          In one step:{' '}
          {draft.plan.map((template, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
            <span key={i}>
              {i > 0 && ', then '}
              <Template template={template} />
            </span>
          ))}
          .
        </p>
      )}
      <p role="status" className="min-h-[1.45em] text-[0.92em]">
        {ofAll !== undefined && <span className="text-minus">{ofAll}</span>}
        {faults.length === 0 && taken && 'There is a skill of this name; a number is put after it.'}
        {faults.length === 0 && old !== null && ' It will be a new version, measured afresh.'}
      </p>
      <div className="mt-1 flex gap-1.5">
        <button type="submit" className="button border-flow font-semibold" disabled={changing || shown.length > 0}>
          {old === null ? 'Add it' : 'Save'}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
