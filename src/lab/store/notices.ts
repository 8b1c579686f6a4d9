/** What the session tells unasked becomes state, messages and memory. */
import type { Notice } from '../../session/protocol.ts';
import type { Library } from '../../skills/skill.ts';
import type { StepMetrics } from '../../training/records.ts';
import { duration, figure } from '../format.ts';
import { isRunning, type Lab } from './labState.ts';
import type { Memory } from './memory.ts';
import { secondsLeft, withEvaluations, withSteps } from './runState.ts';
import type { TaskViews } from './taskViews.ts';

/** Seconds from which a run on a slow device is announced as long, and steps before its speed is believed. */
const LONG = 300;
const WARM_UP = 10;
const FASTER = 'Without a real GPU the CPU is often faster: choose device “cpu” under Run.';

/** What the graphs of tasks depend on. */
function unfoldedBy({ skills }: Library): string {
  return JSON.stringify(skills.map(({ slot, name, version, plan, allows }) => [slot, name, version, plan, allows]));
}

export interface Notices {
  /** What is told of a run is of the one on screen: the session tells of a new one only after it has answered `open`. */
  receive(notice: Notice): void;
  onStep(listener: (metrics: StepMetrics) => void): () => void;
}

export function receiveNotices(
  lab: Pick<Lab, 'getState' | 'setState'>,
  { memory, views }: { readonly memory: Memory; readonly views: TaskViews },
): Notices {
  const stepListeners = new Set<(metrics: StepMetrics) => void>();
  /** The settings of the run whose length was announced. */
  let announced: unknown = null;

  function receive(notice: Notice): void {
    const { run, phase, tell } = lab.getState();
    const open = run?.source === 'session' ? run : null;
    switch (notice.type) {
      case 'phase':
        lab.setState({ phase: notice.phase, detail: notice.detail, progress: notice.progress });
        if (isRunning(phase) && !isRunning(notice.phase)) views.refresh();
        return;
      case 'metrics':
        if (open === null) return;
        lab.setState({ run: withSteps(open, notice.steps, notice.stepsPerSecond) });
        for (const metrics of notice.steps) for (const listener of stepListeners) listener(metrics);
        announceLength();
        views.follow();
        return;
      case 'evaluation':
        if (open === null || notice.evaluations.length === 0) return;
        lab.setState({ run: withEvaluations(open, notice.evaluations) });
        views.refresh();
        return;
      case 'library':
        if (open === null) return;
        lab.setState({ run: { ...open, library: notice.library, events: notice.events } });
        // Other skills make other graphs, at the same step where a person changed them.
        if (unfoldedBy(notice.library) !== unfoldedBy(open.library)) lab.setState({ taskView: null, creditView: null });
        views.refresh();
        return;
      case 'calls': {
        if (open?.executor == null) return;
        const { executor } = open;
        const calls = notice.calls.length === 0 ? executor.calls : [...executor.calls, ...notice.calls];
        lab.setState({ run: { ...open, executor: { ...executor, calls, turns: notice.turns } } });
        return;
      }
      case 'device':
        if (open !== null) lab.setState({ run: { ...open, device: notice.device } });
        return;
      case 'checkpoint':
        if (open === null) return;
        memory.remember({ name: open.name, written: open.written, step: notice.step, total: open.total });
        return;
      case 'news':
        tell(notice.level, notice.text);
        return;
      case 'error':
        tell('error', notice.error.message, notice.error.hint);
    }
  }

  /** Once a run, where it will take long on a slow device. */
  function announceLength(): void {
    const { run, speed, tell } = lab.getState();
    const left = run === null ? null : secondsLeft(run, null);
    if (run === null || left === null || left < LONG || announced === run.config || speed !== null) return;
    if (run.steps.length < WARM_UP) return;
    announced = run.config;
    if (run.device.backend === 'webgpu' && !run.device.software) return;
    const software = run.device.backend === 'webgpu';
    const slow = software ? 'a software GPU' : 'the CPU';
    const pace = `At ${figure(run.stepsPerSecond)} steps a second on ${slow}`;
    tell('info', `${pace} this run takes about ${duration(left)} more.`, software ? FASTER : '');
  }

  return {
    receive,
    onStep(listener) {
      stepListeners.add(listener);
      return () => stepListeners.delete(listener);
    },
  };
}
