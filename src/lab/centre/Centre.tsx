/** The centre: the views as tabs, and in Flow and Credit the chosen task. */
import { lazy, type ReactNode, Suspense } from 'react';
import { useLab } from '../context.ts';
import { CreditPanel } from '../credit/CreditPanel.tsx';
import { FlowPanel } from '../flow/FlowPanel.tsx';
import { isRunning, shownTask } from '../store/labState.ts';
import { isOfTask } from '../store/runState.ts';
import { Tabs } from './Tabs.tsx';
import { TaskChooser } from './TaskChooser.tsx';

// Lessons bring their equations' fonts and styles along: loaded when first opened.
const LessonPanel = lazy(async () => ({ default: (await import('../lessons/LessonPanel.tsx')).LessonPanel }));

// Skills bring their schemas along.
const SkillsPanel = lazy(async () => ({ default: (await import('../skills/SkillsPanel.tsx')).SkillsPanel }));

const ExecutorPanel = lazy(async () => ({ default: (await import('../executor/ExecutorPanel.tsx')).ExecutorPanel }));

// Compare brings its statistics along.
const ComparePanel = lazy(async () => ({ default: (await import('../compare/ComparePanel.tsx')).ComparePanel }));

// Experiments bring their figures along.
const ExperimentsPanel = lazy(async () => ({
  default: (await import('../experiments/ExperimentsPanel.tsx')).ExperimentsPanel,
}));

export function Centre(): ReactNode {
  const view = useLab((state) => state.view);
  return (
    <main className="flex min-h-0 min-w-0 flex-col">
      <Tabs />
      <div
        id="view"
        role="tabpanel"
        aria-labelledby={`tab-${view}`}
        tabIndex={-1}
        className="relative min-h-0 flex-1 overflow-y-auto px-4 py-3"
      >
        {view === 'lessons' && (
          <Suspense fallback={<p className="text-soft">Loading the lessons.</p>}>
            <LessonPanel />
          </Suspense>
        )}
        {view === 'skills' && (
          <Suspense fallback={<p className="text-soft">Loading the skills.</p>}>
            <SkillsPanel />
          </Suspense>
        )}
        {view === 'executor' && (
          <Suspense fallback={<p className="text-soft">Loading the calls.</p>}>
            <ExecutorPanel />
          </Suspense>
        )}
        {view === 'compare' && (
          <Suspense fallback={<p className="text-soft">Loading the comparison.</p>}>
            <ComparePanel />
          </Suspense>
        )}
        {view === 'experiments' && (
          <Suspense fallback={<p className="text-soft">Loading the experiments.</p>}>
            <ExperimentsPanel />
          </Suspense>
        )}
        {(view === 'flow' || view === 'credit') && <TaskPanel view={view} />}
      </div>
    </main>
  );
}

function TaskPanel({ view }: { readonly view: 'flow' | 'credit' }): ReactNode {
  const taskView = useLab((state) => state.taskView);
  const creditView = useLab((state) => state.creditView);
  const task = useLab(shownTask);
  const shown = view === 'flow' ? taskView : creditView;
  const current = shown !== null && task !== null && isOfTask(shown, task);
  return (
    <>
      <div className="mb-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <TaskChooser />
        {current && <Origin step={shown.step} />}
      </div>
      {!current && <Empty />}
      {current && view === 'flow' && taskView !== null && <FlowPanel view={taskView} />}
      {current && view === 'credit' && creditView !== null && <CreditPanel view={creditView} />}
    </>
  );
}

/** Where the picture comes from: a recorded run, or a step of the run that is open. */
function Origin({ step }: { readonly step: number }): ReactNode {
  const recorded = useLab((state) => state.run?.source === 'recorded');
  return (
    <p className="text-soft">
      {recorded ? 'Recorded run, ' : ''}as of step {step.toLocaleString('en')}
      {recorded ? '. Train runs it here.' : ''}
    </p>
  );
}

function Empty(): ReactNode {
  const hasRun = useLab((state) => state.run !== null);
  const phase = useLab((state) => state.phase);
  const recording = useLab((state) => state.recording);
  if (phase === 'compiling' || hasRun || recording === 'loading') {
    return (
      <p className="text-soft">
        {phase === 'compiling'
          ? 'The tasks are being unfolded into their graphs.'
          : isRunning(phase)
            ? 'Loading: it comes once the run is done with what it is doing.'
            : 'Loading.'}
      </p>
    );
  }
  return (
    <div className="max-w-prose rounded-[10px] border border-line bg-panel p-4">
      <h2 className="font-semibold">No run yet</h2>
      <p className="mt-1 text-soft">
        Choose a preset and press Train, or Step to see a single update. The learned policy then stands here beside the
        exact answer.
      </p>
    </div>
  );
}
