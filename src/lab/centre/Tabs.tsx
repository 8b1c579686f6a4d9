/** The views as tabs; arrow keys move between them. */
import type { KeyboardEvent, ReactNode } from 'react';
import { useLab } from '../context.ts';
import { useRunning } from '../experiments/slot.ts';
import { VIEWS, type View } from '../urlState.ts';

const NAMES: Readonly<Record<View, string>> = {
  flow: 'Flow',
  credit: 'Credit',
  skills: 'Skills',
  executor: 'Executor',
  compare: 'Compare',
  experiments: 'Experiments',
  lessons: 'Lessons',
};

export function Tabs(): ReactNode {
  const view = useLab((state) => state.view);
  const setView = useLab((state) => state.setView);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    const next = VIEWS[(VIEWS.indexOf(view) + move + VIEWS.length) % VIEWS.length];
    setView(next);
    document.getElementById(`tab-${next}`)?.focus();
    event.preventDefault();
  }

  return (
    <div
      role="tablist"
      aria-label="Views"
      className="flex flex-wrap gap-0.5 border-b border-line px-4 pt-1.5"
      onKeyDown={onKeyDown}
    >
      {VIEWS.map((name) => (
        <button
          type="button"
          key={name}
          id={`tab-${name}`}
          role="tab"
          aria-selected={name === view}
          aria-controls="view"
          tabIndex={name === view ? 0 : -1}
          className="border-b-2 border-transparent px-3 py-1.5 text-soft aria-selected:border-flow aria-selected:font-semibold aria-selected:text-ink"
          onClick={() => setView(name)}
        >
          {NAMES[name]}
          {name === 'experiments' && <Running />}
        </button>
      ))}
    </div>
  );
}

/** That an experiment is being made, whatever view is open. */
function Running(): ReactNode {
  const running = useRunning();
  if (running === null) return null;
  return (
    <span
      className="ml-1.5 rounded-full bg-flow-soft px-1.5 font-normal text-ink"
      title={`${running.title} is running`}
    >
      <span className="sr-only">running: </span>
      {running.done}/{running.of}
    </span>
  );
}
