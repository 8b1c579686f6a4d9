/** Makes the runs of an experiment in this page: how many, how far, how long; start, cancel, go on, give up. */
import { type ReactNode, useId, useState } from 'react';
import type { Results } from '../../experiments/results.ts';
import { devicesOf } from '../../experiments/spec.ts';
import { useLab } from '../context.ts';
import { isRunning } from '../store/labState.ts';
import { DiscardDialog } from './DiscardDialog.tsx';
import type { DeviceChoice } from './experimentShelf.ts';
import type { Entry, Going } from './experimentsStore.ts';
import { failureWords, goingWords, restingWords, scopeWords, underWords } from './runWords.ts';
import { useExperiments } from './slot.ts';

interface RunPanelProps {
  readonly entry: Entry;
  readonly recorded: Results | null;
}

export function RunPanel({ entry, recorded }: RunPanelProps): ReactNode {
  const { key, experiment } = entry;
  const here = useExperiments((state) => state.here[key]);
  const going = useExperiments((state) => state.going);
  const storage = useExperiments((state) => state.storage);
  const training = useLab((state) => isRunning(state.phase));
  const title = useId();
  const mine = going?.key === key ? going : null;
  const failed = here === undefined || mine !== null ? [] : failureWords(here.results);
  return (
    <section aria-labelledby={title} className="rounded-[10px] border border-line bg-panel px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id={title} className="inline font-semibold">
            Run it here
          </h2>{' '}
          <span className="text-soft">{scopeWords(experiment)}</span>
        </div>
        <Controls entry={entry} />
      </div>
      {mine !== null && <Progress going={mine} />}
      {mine === null && (
        <p role="status" className="mt-1">
          {here === undefined ? 'Looking at what is kept here.' : restingWords(here, recorded)}
        </p>
      )}
      {mine !== null && (
        <p className="mt-0.5 text-soft">
          It goes on in any view
          {storage.kept && '; after a closed tab, Resume goes on from the run that was under way'}.
          {training && ' The run at the top trains too: both share the processor.'}
        </p>
      )}
      {going !== null && mine === null && <Other going={going} />}
      {!storage.kept && (
        <p className="mt-0.5 text-warn">
          Nothing will be kept beyond this page: {storage.reason} Save the results you need.
        </p>
      )}
      {failed.length > 0 && (
        <div className="mt-1 border-l-4 border-minus pl-2">
          <p>Failed; {here?.kept === 0 ? 'Start' : 'Resume'} tries them again:</p>
          <ul className="max-h-24 overflow-y-auto break-words text-soft">
            {failed.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Controls({ entry }: { readonly entry: Entry }): ReactNode {
  const { key, origin } = entry;
  const here = useExperiments((state) => state.here[key]);
  const device = useExperiments((state) => state.devices[key] ?? 'asGiven');
  const going = useExperiments((state) => state.going);
  const { setDevice, start, cancel } = useExperiments((state) => state);
  const [asking, setAsking] = useState(false);
  const select = useId();
  const kept = here?.kept ?? 0;
  const mine = going?.key === key;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label htmlFor={select} className="text-soft">
        Device
      </label>
      <select
        id={select}
        className="control"
        value={device}
        disabled={mine}
        onChange={(event) => void setDevice(key, event.target.value as DeviceChoice)}
      >
        <option value="asGiven">as the experiment says ({devicesOf(entry.experiment).join(', ')})</option>
        <option value="auto">auto: the GPU where there is one</option>
        <option value="cpu">cpu</option>
      </select>
      {(mine || here?.complete !== true) && (
        // One button, so that the keyboard stays where it is.
        <button
          type="button"
          className={`button ${mine ? '' : 'border-flow bg-flow font-semibold text-on-flow hover:not-disabled:bg-flow disabled:bg-transparent'}`}
          aria-disabled={mine && going.cancelling}
          disabled={!mine && (going !== null || here === undefined)}
          onClick={mine ? cancel : () => void start(key)}
        >
          {mine ? 'Cancel' : kept === 0 ? 'Start' : 'Resume'}
        </button>
      )}
      {(kept > 0 || origin === 'file') && (
        <button type="button" className="button" disabled={mine} onClick={() => setAsking(true)}>
          Discard
        </button>
      )}
      {asking && <DiscardDialog entry={entry} kept={kept} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Progress({ going }: { readonly going: Going }): ReactNode {
  const { done, of, under } = going;
  return (
    <>
      <p className="mt-1">{goingWords(going)}</p>
      <progress
        aria-label="Runs done"
        className="my-1 block h-1.5 w-full appearance-none overflow-hidden rounded bg-line [&::-moz-progress-bar]:bg-flow [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-flow"
        value={done}
        max={Math.max(1, of)}
      />
      <ul aria-label="Under way">
        {[...under].map(([key, run]) => (
          <li key={key}>{underWords(run)}</li>
        ))}
      </ul>
      {/* Told to those who listen when a run is done, and not at every step. */}
      <p role="status" className="sr-only">
        {done} of {of} runs done
      </p>
    </>
  );
}

function Other({ going }: { readonly going: Going }): ReactNode {
  const entries = useExperiments((state) => state.entries);
  const title = entries.find(({ key }) => key === going.key)?.experiment.title ?? '';
  return <p className="mt-0.5 text-soft">{title} is being made; one experiment is made at a time.</p>;
}
