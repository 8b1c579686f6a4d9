/** The centre: the views as tabs, and the one that is chosen. */
import { lazy, type ReactNode, Suspense } from 'react';
import { useLab } from '../context.ts';
import { Tabs } from './Tabs.tsx';
import { TaskPanel } from './TaskPanel.tsx';

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
