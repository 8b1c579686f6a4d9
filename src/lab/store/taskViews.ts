/** Keeps the flows or credits on screen those of the chosen task at the present step. */
import { failureOf } from './failures.ts';
import { isOpen, type Lab, shownTask } from './labState.ts';
import { isOfTask, isOfWalk, type LabRun, stepsDone, type TaskEntry } from './runState.ts';
import type { Session } from './session.ts';

/** Trajectories shown in Credit: enough for GRPO's group, few enough to read. */
const TRAJECTORIES = 16;

/** While training goes on, flows are asked for no oftener than this, in milliseconds, and take at most a sixth of the time. */
const SELDOM = 1000;
const SHARE = 6;

export interface TaskViews {
  /** Asks for what the view shows if it is not there; one request at a time. */
  refresh(): void;
  /** The same for new flows after new steps, so that the picture moves while training goes on. */
  follow(): void;
}

export function followTask(lab: Pick<Lab, 'getState' | 'setState'>, session: Session): TaskViews {
  let fetching = false;
  let followAt = 0;
  /** Asked for again in the meantime. */
  let stale = false;

  function refresh(): void {
    if (fetching) {
      stale = true;
      return;
    }
    const { run, view, taskView, creditView, sourceWalk } = lab.getState();
    const task = shownTask(lab.getState());
    if (view !== 'flow' && view !== 'credit') return;
    if (run === null || task === null || !isOpen(lab.getState())) return;
    const present = view === 'flow' ? taskView : creditView;
    const holdsWalk = view === 'flow' || sourceWalk === null || isOfWalk(creditView, sourceWalk);
    if (present !== null && isOfTask(present, task) && present.step === stepsDone(run) && holdsWalk) return;
    fetching = true;
    stale = false;
    void fetchView(run, view, task);
  }

  function follow(): void {
    const { view, speed } = lab.getState();
    // Sampled walks would be others every time, so Credit follows only evaluations.
    if (view !== 'flow' || fetching) return;
    if (speed !== null || performance.now() >= followAt) refresh();
  }

  async function fetchView(run: LabRun, view: 'flow' | 'credit', { split, index }: TaskEntry): Promise<void> {
    /** An answer about a run that has been left is not shown. */
    const isShown = (): boolean => lab.getState().run?.config === run.config;
    const walk = lab.getState().sourceWalk?.source.actions;
    const start = performance.now();
    try {
      if (view === 'flow') {
        const taskView = await session.request({ type: 'inspect', split, task: index });
        if (isShown()) lab.setState({ taskView });
      } else {
        const creditView = await session.request({ type: 'credit', split, task: index, count: TRAJECTORIES, walk });
        if (isShown()) lab.setState({ creditView });
      }
    } catch (error) {
      const failure = failureOf(error);
      if (isShown() && failure.name !== 'Cancelled') lab.getState().tell('error', failure.message, failure.hint);
    } finally {
      fetching = false;
      const end = performance.now();
      followAt = end + Math.max(SELDOM, SHARE * (end - start));
      if (stale) refresh();
    }
  }

  return { refresh, follow };
}
