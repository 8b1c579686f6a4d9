/** The Experiments view: a question each, what its runs came to, and the making of them here. */
import { type ChangeEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLab } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import { asChosen, type Entry } from './experimentsStore.ts';
import { type Recorded, ReportPanel } from './ReportPanel.tsx';
import { RunPanel } from './RunPanel.tsx';
import { recordedResults } from './shipped.ts';
import { useExperiments } from './slot.ts';

export function ExperimentsPanel(): ReactNode {
  const entries = useExperiments((state) => state.entries);
  const chosen = useExperiments((state) => state.chosen);
  const going = useExperiments((state) => state.going?.key);
  const choose = useExperiments((state) => state.choose);
  const entry = entries.find(({ key }) => key === chosen);
  return (
    <div className="flex h-full min-h-0 flex-col gap-2.5">
      <div className="flex items-start gap-1.5">
        <nav className="flex min-w-0 flex-1 flex-wrap gap-1.5" aria-label="Experiments">
          {entries.map(({ key, experiment, origin }) => (
            <button
              type="button"
              key={key}
              aria-pressed={key === chosen}
              className="rounded-md border border-line px-2.5 py-1 aria-pressed:border-flow aria-pressed:font-semibold"
              onClick={() => choose(key)}
            >
              {experiment.title}
              <Remarks of={[...(origin === 'file' ? ['from a file'] : []), ...(key === going ? ['running'] : [])]} />
            </button>
          ))}
        </nav>
        <OpenButton />
      </div>
      <Fault />
      {entry !== undefined && <ExperimentPage key={entry.key} entry={entry} />}
    </div>
  );
}

function Remarks({ of }: { readonly of: readonly string[] }): ReactNode {
  return of.length > 0 && <span className="font-normal text-soft"> ({of.join(', ')})</span>;
}

function ExperimentPage({ entry }: { readonly entry: Entry }): ReactNode {
  const { key, experiment, origin } = entry;
  const device = useExperiments((state) => state.devices[key] ?? 'asGiven');
  const look = useExperiments((state) => state.look);
  const runnable = useMemo(() => asChosen(entry, device), [entry, device]);
  const [recorded, setRecorded] = useState<Recorded>({ state: origin === 'lab' ? 'loading' : 'none' });

  useEffect(() => {
    if (origin === 'file') return;
    let shown = true;
    const tell = (next: Recorded): void => {
      if (shown) setRecorded(next);
    };
    recordedResults(experiment.name).then(
      (results) => tell(results === null ? { state: 'none' } : { state: 'there', results }),
      (error: unknown) => tell({ state: 'failed', message: failureOf(error).message }),
    );
    return () => {
      shown = false;
    };
  }, [experiment.name, origin]);

  useEffect(() => {
    void look(key);
  }, [key, look]);

  return (
    <>
      <RunPanel entry={entry} recorded={recorded.state === 'there' ? recorded.results : null} />
      <ReportPanel entry={entry} experiment={runnable} recorded={recorded} />
    </>
  );
}

function OpenButton(): ReactNode {
  const openFile = useExperiments((state) => state.openFile);
  const tell = useLab((state) => state.tell);

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    try {
      await openFile({ name: file.name, text: await file.text() });
    } catch (error) {
      tell('error', `${file.name} could not be read: ${failureOf(error).message}`);
    }
  }

  function onChange(event: ChangeEvent<HTMLInputElement>): void {
    void take(event.target.files?.[0]);
    // The same file can be chosen again.
    event.target.value = '';
  }

  return (
    <label className="button cursor-pointer has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
      Open a file
      <input
        type="file"
        accept=".json,application/json"
        className="sr-only"
        aria-label="Open an experiment file"
        onChange={onChange}
      />
    </label>
  );
}

/** What is wrong with the file that was opened last, place by place. */
function Fault(): ReactNode {
  const fault = useExperiments((state) => state.fault);
  const dismiss = useExperiments((state) => state.dismissFault);
  return (
    <div
      role="alert"
      className={
        fault === null ? 'hidden' : 'flex items-start gap-2.5 border-l-4 border-minus bg-minus-soft px-3 py-1.5'
      }
    >
      {fault !== null && (
        <>
          <b aria-hidden="true">×</b>
          <div className="min-w-0 flex-1 break-words">
            <p>{fault.message}</p>
            <ul className="max-h-40 overflow-y-auto">
              {fault.problems.map(({ path, holds, allowed }) => (
                <li key={`${path} ${allowed}`}>
                  <code>{path === '' ? 'the file' : path}</code> holds <code>{holds}</code>; {allowed}
                </li>
              ))}
            </ul>
          </div>
          <button type="button" className="button" onClick={dismiss}>
            Dismiss
          </button>
        </>
      )}
    </div>
  );
}
