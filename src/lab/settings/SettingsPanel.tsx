/** Every setting of the next run: presets first, then the fields of the config's schema by group. */
import { type ReactNode, useMemo } from 'react';
import { useLab } from '../context.ts';
import { startsAnew } from '../store/labState.ts';
import { type Draft, differences } from './draft.ts';
import { EncoderFields } from './EncoderFields.tsx';
import { EvolutionFields } from './EvolutionFields.tsx';
import { ExecutorFields, isLive, isOfAnother } from './ExecutorFields.tsx';
import { FieldRow } from './FieldRow.tsx';
import { ENCODER, EVOLUTION, EXECUTOR, type Field, GROUPS } from './fields.ts';
import { Presets } from './Presets.tsx';
import { WorldFields } from './WorldFields.tsx';

/** Groups that show something else than a row for each field. */
const OWN_FIELDS: { readonly [title: string]: typeof EvolutionFields | undefined } = {
  [EVOLUTION]: (props) => <EvolutionFields {...props} />,
  [ENCODER]: (props) => <EncoderFields {...props} />,
  [EXECUTOR]: (props) => <ExecutorFields {...props} />,
};

export function SettingsPanel(): ReactNode {
  const changed = useChanged();
  const live = useLab((state) => isLive(state.draft));
  return (
    <aside
      aria-label="Settings"
      className="relative overflow-y-auto border-line bg-panel px-4 py-3 max-lg:max-h-[38vh] max-lg:border-b lg:border-r"
    >
      <Presets />
      <SettingsNotice changed={changed.size} />
      <WorldFields changed={changed} />
      {GROUPS.filter(({ title }) => live || title !== EXECUTOR).map(({ title, fields }) => (
        <FieldGroup key={title} title={title} fields={fields} changed={changed}>
          {OWN_FIELDS[title]?.({ fields, changed })}
        </FieldGroup>
      ))}
      <RunFacts />
    </aside>
  );
}

/** Paths that differ from the run on screen; from the one before where the settings are those on screen. */
function useChanged(): ReadonlySet<string> {
  const resolved = useLab((state) => state.resolved);
  const draft = useLab((state) => state.draft);
  const last = useLab((state) => state.run?.config);
  const before = useLab((state) => state.previous?.config);
  return useMemo(() => {
    const since = (run: Draft | undefined): ReadonlySet<string> => {
      if (run === undefined) return new Set();
      if (resolved !== null) return new Set(differences(run, resolved).keys());
      // While a field is wrong there are no defaults to compare: only what is written counts.
      return new Set([...differences(run, draft)].flatMap(([path, value]) => (value === undefined ? [] : [path])));
    };
    const now = since(last);
    return now.size === 0 ? since(before) : now;
  }, [last, before, resolved, draft]);
}

interface FieldGroupProps {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly changed: ReadonlySet<string>;
  /** In the place of a row for each field. */
  readonly children?: ReactNode;
}

const OPEN_AT_FIRST = new Set(['Objective', 'Optimiser', 'Executor', 'Run']);

function FieldGroup({ title, fields, changed, children }: FieldGroupProps): ReactNode {
  const errors = useLab((state) => state.errors);
  const draft = useLab((state) => state.draft);
  const marks = fields.filter(({ path }) => changed.has(path) && !isOfAnother(path, draft)).length;
  const wrong = fields.filter((field) => errors.some((error) => error.path === field.path)).length;
  return (
    <details open={OPEN_AT_FIRST.has(title)} className="mt-2.5">
      <summary className="heading rounded">
        {title}
        {marks > 0 && <span className="ml-2 text-focus normal-case">• {marks} changed</span>}
        {wrong > 0 && <span className="ml-2 text-minus normal-case">! {wrong} wrong</span>}
      </summary>
      <div className="mt-1">
        {children ||
          fields.map((field) => <FieldRow key={field.path} field={field} changed={changed.has(field.path)} />)}
      </div>
    </details>
  );
}

/** What the marks mean, what Train will do with them, and the ways back. */
function SettingsNotice({ changed }: { readonly changed: number }): ReactNode {
  const run = useLab((state) => state.run);
  const previous = useLab((state) => state.previous);
  const anew = useLab(startsAnew);
  const undoable = useLab((state) => state.past.length > 0);
  const undo = useLab((state) => state.undo);
  const back = useLab((state) => state.returnToRun);
  const unplaced = useLab((state) => state.errors).filter((error) => !isShown(error.path));
  const compared = anew ? run : previous;
  const differs = changed > 0 && compared !== null;
  return (
    <div className="my-2 text-[0.92em] text-soft">
      {differs && (
        <p>
          <span className="text-focus">•</span> differs from {anew ? 'the run on screen' : 'the last run'}, “
          {compared.name}”.
          {anew && ' Train starts a new run.'}
        </p>
      )}
      {unplaced.map((error) => (
        <p key={error.path} role="alert" className="text-minus">
          <span className="font-mono">{error.path}</span> {error.message}
        </p>
      ))}
      <div className="mt-1 flex gap-1.5">
        <button type="button" className="button" onClick={undo} disabled={!undoable}>
          Undo change
        </button>
        {differs && anew && (
          <button type="button" className="button" onClick={back}>
            Back to the run’s
          </button>
        )}
      </div>
    </div>
  );
}

const GENERATED = new Set(GROUPS.flatMap((group) => group.fields.map((field) => field.path)));

/** Whether a field with this path has a row of its own, where its error stands. */
function isShown(path: string): boolean {
  return GENERATED.has(path) || /^suites\[\d+\]\.(name|train|validation|heldOut|settings\.\w+)$/.test(path);
}

/** What follows from the settings once a run is open. */
function RunFacts(): ReactNode {
  const run = useLab((state) => state.run);
  if (run?.source !== 'session') return null;
  const parameters = run.parameters ?? 0;
  const kept = run.storage?.kept === true ? 'Checkpoints are kept in this browser.' : 'Nothing is kept.';
  return (
    <p className="mt-3 text-[0.92em] text-soft">
      {run.name}: {run.tasks.length.toLocaleString('en')} tasks, {parameters.toLocaleString('en')} parameters. {kept}
    </p>
  );
}
