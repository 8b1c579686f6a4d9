/** The Experiments view: a question each, and what its runs came to. */
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { reportHtml } from '../../experiments/report.ts';
import type { Results } from '../../experiments/results.ts';
import type { Experiment } from '../../experiments/spec.ts';
import { useTheme } from '../useTheme.ts';
import { commandOf, EXPERIMENTS, recordedResults } from './shipped.ts';

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'there'; readonly results: Results };

export function ExperimentsPanel(): ReactNode {
  const [name, setName] = useState(EXPERIMENTS[0]?.name ?? '');
  const experiment = EXPERIMENTS.find((one) => one.name === name);
  return (
    <div className="flex h-full min-h-0 flex-col gap-2.5">
      <nav className="flex flex-wrap gap-1.5" aria-label="Experiments">
        {EXPERIMENTS.map((one) => (
          <button
            type="button"
            key={one.name}
            aria-pressed={one.name === name}
            className="rounded-md border border-line px-2.5 py-1 aria-pressed:border-flow aria-pressed:font-semibold"
            onClick={() => setName(one.name)}
          >
            {one.title}
          </button>
        ))}
      </nav>
      {experiment !== undefined && <ExperimentPage key={experiment.name} experiment={experiment} />}
    </div>
  );
}

function ExperimentPage({ experiment }: { readonly experiment: Experiment }): ReactNode {
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' });
  useEffect(() => {
    let shown = true;
    const tell = (next: Loaded): void => {
      if (shown) setLoaded(next);
    };
    recordedResults(experiment.name).then(
      (results) => tell(results === null ? { state: 'none' } : { state: 'there', results }),
      (error: unknown) => tell({ state: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      shown = false;
    };
  }, [experiment.name]);

  if (loaded.state === 'loading') return <p className="text-soft">Loading what was recorded.</p>;
  if (loaded.state === 'failed') return <p role="alert">{loaded.message}</p>;
  if (loaded.state === 'none') return <Unrecorded experiment={experiment} />;
  return <Report experiment={experiment} results={loaded.results} />;
}

function Unrecorded({ experiment }: { readonly experiment: Experiment }): ReactNode {
  const { question, arms, suites, seeds } = experiment;
  return (
    <div className="max-w-prose rounded-[10px] border border-line bg-panel p-4">
      <h2 className="font-semibold">{question}</h2>
      <p className="mt-1 text-soft">
        {arms.length} arms on {suites.map(({ name }) => name).join(', ')}, {seeds.length} seeds. No results of it came
        with this page. This makes them, on any machine with Node:
      </p>
      <p className="mt-2 overflow-x-auto">
        <code>{commandOf(experiment)}</code>
      </p>
    </div>
  );
}

/** The report as it is exported, in a frame that can neither run a script nor reach anything. */
function Report({ experiment, results }: { readonly experiment: Experiment; readonly results: Results }): ReactNode {
  const theme = useTheme();
  const html = useMemo(() => reportHtml(results, { command: commandOf(experiment) }), [results, experiment]);
  const ended = results.runs.filter(({ status }) => status === 'finished').length;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-soft">
          Recorded: {ended} of {results.runs.length} runs finished.
        </p>
        <button
          type="button"
          className="rounded-md border border-line px-2.5 py-1"
          onClick={() => download(`${experiment.name}.html`, html)}
        >
          Save the report as one file
        </button>
      </div>
      <iframe
        title={`${experiment.title}: report`}
        sandbox=""
        srcDoc={html}
        // What the report's own media query goes by.
        style={{ colorScheme: theme }}
        className="min-h-0 w-full flex-1 rounded-[10px] border border-line"
      />
    </>
  );
}

function download(name: string, html: string): void {
  const url = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
