/** What an experiment came to: the recorded results, or those made here, as they come; and everything to save. */
import { type ReactNode, useMemo } from 'react';
import { reportHtml } from '../../experiments/report.ts';
import type { Results } from '../../experiments/results.ts';
import type { Experiment } from '../../experiments/spec.ts';
import { useLab, useParts } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import { useTheme } from '../useTheme.ts';
import type { Entry } from './experimentsStore.ts';
import { experimentJson, resultsJson, resultsParquet, saveFile } from './saveFiles.ts';
import { commandOf } from './shipped.ts';
import { useExperiments } from './slot.ts';

/** Results that came with the page, if they did. */
export type Recorded =
  | { readonly state: 'loading' }
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'there'; readonly results: Results };

interface ReportPanelProps {
  readonly entry: Entry;
  /** with the choice of its device */
  readonly experiment: Experiment;
  readonly recorded: Recorded;
}

export function ReportPanel({ entry, experiment, recorded }: ReportPanelProps): ReactNode {
  const { key, origin } = entry;
  const here = useExperiments((state) => state.here[key]);
  const asked = useExperiments((state) => state.shown[key]);
  const show = useExperiments((state) => state.show);
  const made = here !== undefined && here.kept > 0;
  const which = asked ?? (recorded.state === 'none' ? 'made' : 'recorded');
  const results =
    which === 'made' ? (made ? here.results : null) : recorded.state === 'there' ? recorded.results : null;
  const ended = recorded.state === 'there' ? finishedOf(recorded.results) : 0;
  // What the file of a shipped experiment says is not what was run where its device was changed.
  const command =
    origin === 'lab' && experiment === entry.experiment ? commandOf(experiment) : commandOfFile(experiment);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        {recorded.state !== 'none' && (
          <fieldset className="flex gap-1.5">
            <legend className="sr-only">Which results</legend>
            <Choice on={which === 'recorded'} onClick={() => show(key, 'recorded')}>
              Recorded{recorded.state === 'there' ? `: ${ended} of ${recorded.results.runs.length}` : ''}
            </Choice>
            <Choice on={which === 'made'} onClick={() => show(key, 'made')}>
              Made here{here === undefined ? '' : `: ${here.kept} of ${here.of}`}
            </Choice>
          </fieldset>
        )}
        {which === 'made' && <Newer entry={entry} />}
        <span className="flex-1" />
        <Saving entry={entry} experiment={experiment} results={results} command={command} made={which === 'made'} />
      </div>
      {results !== null ? (
        <Frame experiment={experiment} results={results} command={command} />
      ) : (
        <Nothing experiment={experiment} which={which} recorded={recorded} command={command} />
      )}
    </>
  );
}

function finishedOf({ runs }: Results): number {
  return runs.filter(({ status }) => status === 'finished').length;
}

/** For an experiment that is in no file of the lab: what was saved of it. */
function commandOfFile({ name }: Experiment): string {
  return `npm run lab -- experiment ${name}.json --out runs/${name}`;
}

function Choice({
  on,
  onClick,
  children,
}: {
  readonly on: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      aria-pressed={on}
      className="rounded-md border border-line px-2.5 py-0.5 aria-pressed:border-flow aria-pressed:bg-flow-soft aria-pressed:font-semibold"
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Runs that were made since the report: it is not drawn anew under the eyes of its reader. */
function Newer({ entry: { key } }: { readonly entry: Entry }): ReactNode {
  const kept = useExperiments((state) => state.here[key]?.kept ?? 0);
  const done = useExperiments(({ going }) => (going?.key === key ? going.done - going.failed : null));
  const look = useExperiments((state) => state.look);
  if (done === null || kept === 0 || done <= kept) return null;
  return (
    <span className="flex items-center gap-2">
      {done - kept} more {done - kept === 1 ? 'run' : 'runs'} since
      <button type="button" className="button" onClick={() => void look(key)}>
        Update the report
      </button>
    </span>
  );
}

interface SavingProps {
  readonly entry: Entry;
  readonly experiment: Experiment;
  readonly results: Results | null;
  readonly command: string;
  readonly made: boolean;
}

function Saving({ entry, experiment, results, command, made }: SavingProps): ReactNode {
  const tell = useLab((state) => state.tell);
  const { name } = experiment;

  async function saveParquet(of: Results): Promise<void> {
    try {
      saveFile(`${name}.results.parquet`, await resultsParquet(of), 'application/vnd.apache.parquet');
    } catch (error) {
      tell('error', `The results could not be written as Parquet: ${failureOf(error).message}`);
    }
  }

  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {made && results !== null && results.rows.length > 0 && <ToCompare entry={entry} />}
      <span className="text-soft">Save</span>
      {results !== null && (
        <>
          <SaveButton
            words="report"
            name="report.html"
            onClick={() => saveFile(`${name}.report.html`, reportHtml(results, { command }), 'text/html')}
          />
          <SaveButton
            words="JSON"
            name="results.json"
            onClick={() => saveFile(`${name}.results.json`, resultsJson(results), 'application/json')}
          />
          <SaveButton words="Parquet" name="results.parquet" onClick={() => void saveParquet(results)} />
        </>
      )}
      <SaveButton
        words="experiment"
        name="experiment.json"
        onClick={() => saveFile(`${name}.json`, experimentJson(experiment), 'application/json')}
      />
    </div>
  );
}

interface SaveButtonProps {
  readonly words: string;
  /** of the file */
  readonly name: string;
  readonly onClick: () => void;
}

function SaveButton({ words, name, onClick }: SaveButtonProps): ReactNode {
  const label = `Save ${name}`;
  return (
    <button type="button" className="button" aria-label={label} title={label} onClick={onClick}>
      {words}
    </button>
  );
}

/** Puts the finished runs beside those that are kept of the page's own training. */
function ToCompare({ entry: { key } }: { readonly entry: Entry }): ReactNode {
  const { shelf } = useParts();
  const setView = useLab((state) => state.setView);
  const tell = useLab((state) => state.tell);
  const records = useExperiments((state) => state.records);

  async function open(): Promise<void> {
    try {
      const { choose, keep, open: read } = shelf.getState();
      await read();
      // Compare then shows these, whatever was chosen before.
      choose([...shelf.getState().chosen], false);
      for (const record of await records(key)) await keep(record);
      setView('compare');
    } catch (error) {
      tell('error', `The runs could not be opened in Compare: ${failureOf(error).message}`);
    }
  }

  return (
    <button
      type="button"
      className="button"
      title="Copies the finished runs, but those of the tuning, to the kept runs"
      onClick={() => void open()}
    >
      Open in Compare
    </button>
  );
}

/** The report as it is exported, in a frame that can neither run a script nor reach anything. */
function Frame({
  experiment,
  results,
  command,
}: {
  readonly experiment: Experiment;
  readonly results: Results;
  readonly command: string;
}): ReactNode {
  const theme = useTheme();
  const html = useMemo(() => reportHtml(results, { command }), [results, command]);
  return (
    <iframe
      title={`${experiment.title}: report`}
      sandbox=""
      srcDoc={html}
      // What the report's own media query goes by.
      style={{ colorScheme: theme }}
      className="min-h-80 w-full flex-1 rounded-[10px] border border-line"
    />
  );
}

/** In the place of a report where there is none. */
function Nothing({
  experiment,
  which,
  recorded,
  command,
}: {
  readonly experiment: Experiment;
  readonly which: 'recorded' | 'made';
  readonly recorded: Recorded;
  readonly command: string;
}): ReactNode {
  if (which === 'recorded' && recorded.state === 'loading')
    return <p className="text-soft">Loading what was recorded.</p>;
  if (which === 'recorded' && recorded.state === 'failed') return <p role="alert">{recorded.message}</p>;
  const { question, arms, suites } = experiment;
  return (
    <div className="max-w-prose rounded-[10px] border border-line bg-panel p-4">
      <h2 className="font-semibold">{question}</h2>
      <p className="mt-1 text-soft">
        Compared are {arms.map(({ name }) => name).join(', ')} on {suites.map(({ name }) => name).join(', ')}.
        {recorded.state === 'none' && ' No results of it came with this page.'} The report stands here when the first
        run is finished; it is made above, or on any machine with Node:
      </p>
      <p className="mt-2 overflow-x-auto">
        <code>{command}</code>
      </p>
    </div>
  );
}
