/** Opening a run and driving it: what the buttons of the transport do. */
import type { Notice } from '../../session/protocol.ts';
import type { ConfigInput } from '../../training/config.ts';
import type { Preset } from '../presets.ts';
import { type Draft, differences, draftOf, parseDraft } from '../settings/draft.ts';
import { Busy, failureOf, UnusableSettings } from './failures.ts';
import { isRunning, type Lab, type RunActions, type RunState, startsAnew } from './labState.ts';
import type { Memory } from './memory.ts';
import type { Notices } from './notices.ts';
import { openedRun, recordedRun } from './runState.ts';
import type { Session } from './session.ts';

export interface RunParts {
  readonly session: Session;
  readonly presets: readonly Preset[];
  readonly memory: Memory;
  readonly notices: Notices;
  readonly refresh: () => void;
}

export function initialRun(memory: Memory): RunState {
  return {
    run: null,
    previous: null,
    phase: 'closed',
    detail: '',
    progress: null,
    busy: false,
    resumable: memory.resumable(),
    recording: 'loading',
  };
}

const NO_VIEWS = { taskView: null, creditView: null, hoverStep: null } as const;

export function runActions(lab: Pick<Lab, 'getState' | 'setState'>, parts: RunParts): RunActions {
  const { session, presets, memory, notices, refresh } = parts;

  /** Carries out what a person asked for; errors become messages. */
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.name === 'Cancelled') return;
      lab.getState().tell(failure.name === 'RunFinished' ? 'info' : 'error', failure.message, failure.hint);
    }
  }

  async function open(resume: boolean): Promise<void> {
    const { preset, draft, resolved, errors, run, previous, busy, phase: before, messages } = lab.getState();
    if (resolved === null) throw new UnusableSettings(errors);
    if (busy) throw new Busy();
    lab.setState({ busy: true, phase: 'compiling', detail: 'unfolding the tasks', progress: null });
    notices.hold();
    try {
      const opened = await session.request({ type: 'open', config: resolved as unknown as ConfigInput, resume });
      const next = openedRun({ preset, draft }, opened);
      const last = run?.source === 'session' ? run : previous;
      lab.setState({ run: next, previous: last, resumable: null, ...NO_VIEWS });
      const { tell, phase, messages: since } = lab.getState();
      // Where the checkpoint was there but could not be used, the session has said so.
      if (resume && opened.step === 0 && since === messages) {
        tell('warning', `No checkpoint of ${next.name} was found.`, 'The run stands at step 0; Play starts it.');
      }
      if (!opened.storage.kept) tell('warning', `Nothing will be kept: ${opened.storage.reason}`);
      if (phase === 'compiling') lab.setState({ phase: 'ready', detail: '', progress: null });
      notices.release(() => true);
    } catch (error) {
      // What was shown before stays, and what was told of it in the meantime is its own.
      if (lab.getState().phase === 'compiling') lab.setState({ phase: before, detail: '', progress: null });
      notices.release(() => true);
      throw error;
    } finally {
      lab.setState({ busy: false });
    }
    refresh();
  }

  return {
    open,
    async play() {
      if (lab.getState().busy) return;
      await attempt(async () => {
        if (startsAnew(lab.getState())) await open(false);
        await session.request({ type: 'play' });
      });
    },
    async pause() {
      await attempt(() => session.request({ type: 'pause' }));
    },
    async step(count) {
      const { busy, phase } = lab.getState();
      if (busy || isRunning(phase)) return;
      await attempt(async () => {
        if (startsAnew(lab.getState())) await open(false);
        await session.request({ type: 'step', count });
      });
      refresh();
    },
    async reset() {
      const { run, busy } = lab.getState();
      if (run?.source !== 'session' || busy) return;
      lab.setState({ busy: true });
      notices.hold();
      let keep = (_: Notice): boolean => true;
      await attempt(async () => {
        await session.request({ type: 'reset' });
        lab.setState({ run: { ...run, steps: [], evaluations: [] }, resumable: null, ...NO_VIEWS });
        memory.forget();
        // What was told before the reset took hold is of the steps that are gone.
        keep = isOfStepZero;
      });
      notices.release(keep);
      lab.setState({ busy: false });
      refresh();
    },
    async cancel() {
      const { phase } = lab.getState();
      if (phase === 'compiling') {
        await attempt(() => session.request({ type: 'close' }));
        // The run that was open before has gone with it; its checkpoint has not.
        lab.setState({ resumable: memory.resumable() });
      } else if (isRunning(phase)) {
        await attempt(() => session.request({ type: 'pause' }));
      }
    },
    async resumeLast() {
      const { resumable, setSettings } = lab.getState();
      if (resumable === null) return;
      setSettings(resumable.written.preset, resumable.written.draft);
      await attempt(() => open(true));
    },
    forgetLast() {
      memory.forget();
      lab.setState({ resumable: null });
    },
    showRecorded(recorded) {
      if (recorded === null || lab.getState().run !== null) {
        lab.setState({ recording: 'none' });
        return;
      }
      const config = draftOf(recorded.record.config);
      const preset = presets.find((candidate) => asksFor(candidate.config, config));
      const written =
        preset === undefined ? { preset: null, draft: config } : { preset: preset.id, draft: preset.config };
      const run = recordedRun(written, recorded);
      lab.setState({ recording: 'shown', run, taskView: recorded.view, creditView: recorded.credit });
    },
    onStep: notices.onStep,
  };
}

function isOfStepZero(notice: Notice): boolean {
  return notice.type === 'evaluation' && notice.evaluations.every((evaluation) => evaluation.step === 0);
}

/** Whether a preset resolves to this config. */
function asksFor(preset: Draft, config: Draft): boolean {
  const parsed = parseDraft(preset);
  return 'resolved' in parsed && differences(draftOf(parsed.resolved), config).size === 0;
}
