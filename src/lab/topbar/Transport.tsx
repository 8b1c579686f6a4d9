/** Play, Pause, Step, Step ×10 and Reset, at fixed places. */
import type { ReactNode } from 'react';
import { useLab } from '../context.ts';
import { isRunning, startsAnew } from '../store/labState.ts';

export function Transport({ askReset }: { readonly askReset: () => void }): ReactNode {
  const running = useLab((state) => isRunning(state.phase));
  const finished = useLab((state) => state.phase === 'finished');
  const anew = useLab(startsAnew);
  const busy = useLab((state) => state.busy);
  const hasRun = useLab((state) => state.run?.source === 'session');
  const play = useLab((state) => state.play);
  const pause = useLab((state) => state.pause);
  const step = useLab((state) => state.step);
  const still = busy || running || (finished && !anew);
  const name = running ? 'Pause' : anew ? 'Train' : 'Play';
  return (
    <div role="toolbar" aria-label="Run" className="flex flex-wrap gap-1.5">
      <button
        type="button"
        className="min-w-[10.4rem] whitespace-nowrap rounded-[7px] border border-flow bg-flow px-2.5 py-1 font-semibold text-on-flow disabled:opacity-100 disabled:bg-panel disabled:border-line disabled:text-faint"
        onClick={() => void (running ? pause() : play())}
        disabled={busy || (finished && !anew)}
        aria-keyshortcuts="Space"
        title={anew ? 'Start a run with these settings' : running ? 'Pause the run' : 'Go on with the run'}
      >
        <span aria-hidden="true">{running ? '❚❚ ' : '▶ '}</span>
        {name} <Key name="space" />
      </button>
      <button type="button" className="button" onClick={() => void step(1)} disabled={still} aria-keyshortcuts=".">
        Step <Key name="." />
      </button>
      <button type="button" className="button" onClick={() => void step(10)} disabled={still} aria-keyshortcuts=",">
        Step ×10 <Key name="," />
      </button>
      <button type="button" className="button" onClick={askReset} disabled={busy || !hasRun} aria-keyshortcuts="r">
        Reset <Key name="r" />
      </button>
    </div>
  );
}

function Key({ name }: { readonly name: string }): ReactNode {
  return (
    <span aria-hidden="true" className="ml-1 rounded border border-current px-1 font-mono text-[0.8em] font-normal">
      {name}
    </span>
  );
}
