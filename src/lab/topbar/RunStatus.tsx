/** How far the run is: phase, step, estimated time left, and a way to stop what takes long. */
import type { ReactNode } from 'react';
import type { Phase } from '../../session/protocol.ts';
import { useLab } from '../context.ts';
import { duration } from '../format.ts';
import { secondsLeft, stepsDone } from '../store/runState.ts';

const PHASES: Readonly<Record<Phase, string>> = {
  closed: 'not started',
  compiling: 'compiling',
  ready: 'paused',
  running: 'training',
  evaluating: 'evaluating',
  evolving: 'evolving the library',
  recovering: 'recovering',
  finished: 'finished',
  stopped: 'stopped by an error',
};

export function RunStatus(): ReactNode {
  const run = useLab((state) => state.run);
  const phase = useLab((state) => state.phase);
  const detail = useLab((state) => state.detail);
  const progress = useLab((state) => state.progress);
  const cancel = useLab((state) => state.cancel);
  const speed = useLab((state) => state.speed);
  const step = run === null ? 0 : stepsDone(run);
  const total = run?.total ?? 0;
  const left = run === null || phase !== 'running' ? null : secondsLeft(run, speed);
  const recorded = run?.source === 'recorded' && phase !== 'compiling';
  const long = phase === 'compiling' || phase === 'evaluating' || phase === 'evolving' || phase === 'recovering';
  // An evaluation comes every few seconds: the bar must not jump for it, and Pause gives it up.
  const interrupts = long && phase !== 'evaluating' && phase !== 'evolving';
  // A phase of evolution walks and tries many times over: the bar stays where training is.
  const done = long && phase !== 'evolving' && progress !== null ? progress : total > 0 ? step / total : 0;
  const words = recorded ? 'recorded run' : phase === 'ready' && step === 0 ? 'ready' : PHASES[phase];
  return (
    <div className="flex min-w-0 items-center gap-2">
      <div className="min-w-0 overflow-hidden leading-tight">
        <div className="flex items-baseline gap-1.5 whitespace-nowrap">
          {run !== null && phase !== 'compiling' && (
            <span className="font-mono text-[0.92em]">
              step {step.toLocaleString('en')} / {total.toLocaleString('en')}
            </span>
          )}
          <span className={`truncate text-soft ${phase === 'evolving' ? 'w-[21rem]' : ''}`} title={detail}>
            {words}
            {interrupts && detail !== '' && `: ${detail}`}
            {phase === 'evolving' && detail !== '' && `: ${detail.replace(/^Evolving: /, '')}`}
          </span>
          {/* Read aloud when it changes, but not every time that training pauses for an evaluation. */}
          <span role="status" className="sr-only">
            {phase === 'evaluating' ? PHASES.running : words}
          </span>
          {left !== null && <span className="text-soft">about {duration(left)} left</span>}
        </div>
        <progress
          className="block h-1 w-40 appearance-none overflow-hidden rounded bg-line [&::-moz-progress-bar]:bg-flow [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-flow"
          aria-label={long && phase !== 'evolving' ? words : 'Steps done'}
          max={1}
          value={Math.min(1, done)}
        />
      </div>
      {interrupts && (
        <button type="button" className="button" onClick={() => void cancel()}>
          Cancel
        </button>
      )}
    </div>
  );
}
