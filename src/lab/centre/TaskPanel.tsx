/** Flow and Credit: the chosen task, and the walk of it that a skill came from where one was asked for. */
import { type ReactNode, useMemo } from 'react';
import { followWalk } from '../../skills/followWalk.ts';
import { useLab } from '../context.ts';
import { CreditPanel } from '../credit/CreditPanel.tsx';
import { FlowPanel } from '../flow/FlowPanel.tsx';
import { markedWalk } from '../flow/markedWalk.ts';
import { isRunning, shownTask } from '../store/labState.ts';
import { isOfTask, isOfWalk, type TaskEntry } from '../store/runState.ts';
import { RightAnswers } from './RightAnswers.tsx';
import { TaskChooser } from './TaskChooser.tsx';
import { WalkNote } from './WalkNote.tsx';

export function TaskPanel({ view }: { readonly view: 'flow' | 'credit' }): ReactNode {
  const task = useLab(shownTask);
  const walk = useLab((state) => state.sourceWalk);
  const taskView = useLab((state) => ofTask(state.taskView, shownTask(state)));
  const creditView = useLab((state) => ofTask(state.creditView, shownTask(state)));
  const shown = view === 'flow' ? taskView : creditView;
  const found = useMemo(() => {
    if (walk === null) return null;
    if (view === 'credit') return isOfWalk(creditView, walk) ? (creditView?.walk?.found ?? null) : null;
    return taskView === null ? null : followWalk(taskView.graph, walk.source.actions);
  }, [view, walk, taskView, creditView]);
  const marked = useMemo(() => (walk && found ? markedWalk(walk, found) : null), [walk, found]);
  const graph = view === 'flow' && taskView !== null ? taskView.graph : null;
  const steps = graph && marked ? marked.edges.map((edge) => graph.actionText[graph.action[edge]]) : null;
  return (
    <>
      <div className="mb-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <TaskChooser />
        {shown !== null && <Origin step={shown.step} />}
      </div>
      {task?.answers !== undefined && <RightAnswers answers={task.answers} />}
      {walk !== null && task !== null && <WalkNote walk={walk} found={found} marked={marked} steps={steps} />}
      {shown === null && <Empty />}
      {view === 'flow' && taskView !== null && <FlowPanel view={taskView} walk={marked} />}
      {view === 'credit' && creditView !== null && <CreditPanel view={creditView} walk={marked} />}
    </>
  );
}

/** The view, unless it is of another task than the one that is shown. */
function ofTask<V extends Parameters<typeof isOfTask>[0]>(view: V | null, task: TaskEntry | null): V | null {
  return view !== null && task !== null && isOfTask(view, task) ? view : null;
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
