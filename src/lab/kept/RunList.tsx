/** The kept runs: which of them are compared, and what can be done with each. */
import { type ChangeEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { useLab, useShelf } from '../context.ts';
import type { Mark } from '../curves/marks.ts';
import { DeleteAllDialog } from './DeleteAllDialog.tsx';
import { ExportModel } from './ExportModel.tsx';
import { KeptRunRow } from './KeptRunRow.tsx';
import { matches } from './keptRun.ts';

interface RunListProps {
  readonly marks: ReadonlyMap<string, Mark>;
  /** The run that is pointed at. */
  readonly onPoint: (id: string | null) => void;
}

export function RunList({ marks, onPoint }: RunListProps): ReactNode {
  const runs = useShelf((state) => state.runs);
  const chosen = useShelf((state) => state.chosen);
  const choose = useShelf((state) => state.choose);
  const storage = useShelf((state) => state.storage);
  const [filter, setFilter] = useState('');
  const [asking, setAsking] = useState(false);
  const title = useId();
  const found = useMemo(() => runs.filter((run) => matches(run, filter)), [runs, filter]);
  const ticked = found.filter(({ id }) => chosen.has(id)).length;
  const chosenRuns = runs.filter(({ id }) => chosen.has(id)).length;
  const own = runs.filter(({ origin }) => origin !== 'recorded').length;
  return (
    <section aria-labelledby={title} className="min-w-0 xl:sticky xl:top-0 xl:self-start">
      <div className="flex flex-wrap items-center gap-2">
        <h2 id={title} className="heading flex-1">
          Kept runs
        </h2>
        <ImportButton />
        <button type="button" className="button" disabled={own === 0} onClick={() => setAsking(true)}>
          Delete all
        </button>
      </div>
      <ExportModel />
      {storage !== null && !storage.kept && (
        <p className="mt-1 text-warn">Nothing is kept beyond this page: {storage.reason} Export what you need.</p>
      )}
      <Undo />
      {runs.length === 0 ? (
        <p className="mt-2 text-soft">None yet.</p>
      ) : (
        <>
          <div className="mt-2 flex items-center gap-2">
            <label className="whitespace-nowrap">
              <input
                type="checkbox"
                className="mr-1.5 accent-flow align-middle"
                checked={ticked > 0 && ticked === found.length}
                ref={(box) => {
                  if (box !== null) box.indeterminate = ticked > 0 && ticked < found.length;
                }}
                disabled={found.length === 0}
                onChange={(event) =>
                  choose(
                    found.map(({ id }) => id),
                    event.target.checked,
                  )
                }
              />
              {filter === '' ? 'All' : 'All found'}
            </label>
            <input
              type="search"
              className="control min-w-0 flex-1"
              aria-label="Filter the runs"
              placeholder="Filter: name, objective, seed 3"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </div>
          <p role="status" className="mt-0.5 text-soft">
            {filter === ''
              ? `${chosenRuns} of ${runs.length} chosen.`
              : `${found.length} of ${runs.length} found, ${chosenRuns} chosen.`}
          </p>
          <ul className="mt-1 max-h-[26rem] overflow-y-auto rounded-[10px] border border-line bg-panel xl:max-h-[calc(100dvh-15rem)]">
            {found.map((run) => (
              <KeptRunRow
                key={run.id}
                run={run}
                mark={marks.get(run.id)}
                chosen={chosen.has(run.id)}
                onChoose={(on) => choose([run.id], on)}
                onPoint={(on) => onPoint(on ? run.id : null)}
              />
            ))}
            {found.length === 0 && <li className="px-3 py-2 text-soft">No run has all of these words.</li>}
          </ul>
        </>
      )}
      {asking && <DeleteAllDialog count={own} onClose={() => setAsking(false)} />}
    </section>
  );
}

function ImportButton(): ReactNode {
  const importFiles = useShelf((state) => state.importFiles);
  const tell = useLab((state) => state.tell);

  async function take(files: readonly File[]): Promise<void> {
    try {
      await importFiles(await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))));
    } catch (error) {
      tell('error', `The files could not be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  function onChange(event: ChangeEvent<HTMLInputElement>): void {
    void take([...(event.target.files ?? [])]);
    // The same file can be chosen again.
    event.target.value = '';
  }

  return (
    <label className="button cursor-pointer has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
      Import
      <input
        type="file"
        multiple
        accept=".json,application/json"
        className="sr-only"
        aria-label="Import run.json files"
        onChange={onChange}
      />
    </label>
  );
}

function Undo(): ReactNode {
  const deleted = useShelf((state) => state.deleted);
  const undo = useShelf((state) => state.undoDelete);
  return (
    <div role="status">
      {deleted !== null && (
        <p className="mt-1 flex items-center gap-2 rounded-md bg-flow-soft px-2 py-1">
          <span className="min-w-0 flex-1 truncate">{deleted.name} was deleted.</span>
          <button type="button" className="button bg-panel" onClick={() => void undo()}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}
