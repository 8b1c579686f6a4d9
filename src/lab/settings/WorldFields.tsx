/** The suites of the run and the settings of each, read off the suite's own schema. */
import { type ReactNode, useId } from 'react';
import { suites } from '../../training/suites.ts';
import { ownTasks } from '../../worlds/ownTasks/index.ts';
import { useLab } from '../context.ts';
import { CorpusFile } from './CorpusFile.tsx';
import { valueAt } from './draft.ts';
import { FieldRow } from './FieldRow.tsx';
import { fieldsOf, splitFields } from './fields.ts';
import { labelOf } from './labels.ts';
import { entryOf, TaskFile } from './TaskFile.tsx';

const KINDS = [
  { title: 'Enumerated', live: false },
  { title: 'A language model works on them', live: true },
];

/** Settings that are chosen as files. */
const OWN_FILES = ['file', 'corpus'];

/** As many suites as a config may name, and each once. */
const MOST = Math.min(8, suites.length);

export function WorldFields({ changed }: { readonly changed: ReadonlySet<string> }): ReactNode {
  const names = useLab((state) => namesOf(state.draft.suites).join(' ')).split(' ');
  const setField = useLab((state) => state.setField);
  const unused = suites.filter((suite) => !names.includes(suite.name));
  const next = unused[0];
  return (
    <details open className="mt-2.5">
      <summary className="heading rounded">World</summary>
      {names.map((name, index) => (
        <SuiteFields key={name} name={name} index={index} changed={changed} removable={names.length > 1} />
      ))}
      {next !== undefined && names.length < MOST && (
        <button
          type="button"
          className="button mt-1"
          onClick={() =>
            setField(`suites[${names.length}]`, next.name === ownTasks.name ? entryOf(null) : { name: next.name })
          }
          title="Train one Supervisor on the tasks of several suites"
        >
          Add a suite
        </button>
      )}
    </details>
  );
}

interface SuiteFieldsProps {
  readonly name: string;
  readonly index: number;
  readonly changed: ReadonlySet<string>;
  readonly removable: boolean;
}

function SuiteFields({ name, index, changed, removable }: SuiteFieldsProps): ReactNode {
  const setField = useLab((state) => state.setField);
  const error = useLab((state) => state.errors.find((one) => one.path === `suites[${index}].name`)?.message);
  const entry = useLab((state) => valueAt(state.draft, `suites[${index}]`));
  const hasFiles = OWN_FILES.some((key) => typeof valueAt(entry ?? null, `settings.${key}`) === 'string');
  const id = useId();
  const suite = suites.find((candidate) => candidate.name === name);
  const fields = [
    ...splitFields(index),
    ...(suite === undefined ? [] : fieldsOf(suite.settings, `suites[${index}].settings`)),
  ];
  const marked = changed.has(`suites[${index}].name`);

  function chooseSuite(chosen: string): void {
    // Another suite has other settings; the numbers of tasks stay.
    const { settings: _, ...kept } = { settings: null, ...(entry as Record<string, never>) };
    // A file has as many tasks as it has.
    setField(`suites[${index}]`, chosen === ownTasks.name ? entryOf(null) : { ...kept, name: chosen });
  }

  return (
    <div className="mt-1 not-first-of-type:border-t not-first-of-type:border-line not-first-of-type:pt-1">
      <div className="flex items-center justify-between gap-2 py-0.5">
        <label htmlFor={id} className={marked ? 'text-focus' : 'text-soft'}>
          {marked && <span aria-hidden="true">• </span>}
          {labelOf('suites.name').name}
          {marked && <span className="sr-only"> (differs from the last run)</span>}
        </label>
        <span className="flex gap-1">
          <select
            id={id}
            className="control"
            value={name}
            aria-invalid={error !== undefined}
            onChange={(event) => chooseSuite(event.target.value)}
          >
            {suite === undefined && <option>{name}</option>}
            {KINDS.map(({ title, live }) => (
              <optgroup key={title} label={title}>
                {suites
                  .filter((candidate) => candidate.live === live)
                  .map((candidate) => (
                    <option key={candidate.name}>{candidate.name}</option>
                  ))}
              </optgroup>
            ))}
          </select>
          {removable && (
            <button
              type="button"
              className="button px-1.5"
              aria-label={`Remove ${name}`}
              onClick={() => setField(`suites[${index}]`, undefined)}
            >
              ×
            </button>
          )}
        </span>
      </div>
      <p className="text-[0.92em] text-faint">{suite?.summary}</p>
      {error !== undefined && (
        <p className="text-[0.92em] text-minus">
          <span className="font-mono">suites[{index}].name</span> {error}
        </p>
      )}
      {name === ownTasks.name && (
        <>
          <TaskFile index={index} changed={changed.has(`suites[${index}].settings.file`)} />
          <CorpusFile index={index} changed={changed.has(`suites[${index}].settings.corpus`)} />
          {hasFiles && (
            <p className="text-[0.92em] text-faint">
              Files stay on this device, but for what a server is asked where one answers. A long one is not part of the
              page’s address: who opens a shared address chooses it again.
            </p>
          )}
        </>
      )}
      {fields
        .filter(({ path }) => !OWN_FILES.some((key) => path.endsWith(`.settings.${key}`)))
        .map((field) => (
          <FieldRow
            key={field.path}
            field={field}
            changed={changed.has(field.path)}
            wide={field.path.endsWith('.settings.acts')}
          />
        ))}
    </div>
  );
}

function namesOf(entries: unknown): readonly string[] {
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) =>
    entry !== null && typeof entry === 'object' && 'name' in entry && typeof entry.name === 'string' ? entry.name : '?',
  );
}
