/** Opening a run and driving it: what the buttons of the transport do. */
import type { ConfigInput } from '../../training/config.ts';
import type { RunExport } from '../../training/exportRun.ts';
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
    speed: null,
    recording: 'loading',
    changing: false,
  };
}

const NO_VIEWS = { sourceWalk: null, taskView: null, creditView: null, hoverStep: null } as const;

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

  /** Whether it went well; what went wrong is told. */
  async function succeeded(work: () => Promise<unknown>): Promise<boolean> {
    let done = false;
    await attempt(async () => {
      await work();
      done = true;
    });
    return done;
  }

  async function open(resume: boolean): Promise<void> {
    const { preset, draft, resolved, errors, busy, phase: before, messages } = lab.getState();
    if (resolved === null) throw new UnusableSettings(errors);
    if (busy) throw new Busy();
    lab.setState({ busy: true, phase: 'compiling', detail: 'unfolding the tasks', progress: null });
    try {
      const opened = await session.request({ type: 'open', config: resolved as unknown as ConfigInput, resume });
      const next = openedRun({ preset, draft }, opened);
      const { run, previous } = lab.getState();
      lab.setState({ run: next, previous: run?.source === 'session' ? run : previous, resumable: null, ...NO_VIEWS });
      const { tell, phase, messages: since } = lab.getState();
      // Where the checkpoint was there but could not be used, the session has said so.
      if (resume && opened.step === 0 && since === messages) {
        tell('warning', `No checkpoint of ${next.name} was found.`, 'The run stands at step 0; Play starts it.');
      }
      if (!opened.storage.kept) tell('warning', `Nothing will be kept: ${opened.storage.reason}`);
      if (phase === 'compiling') lab.setState({ phase: 'ready', detail: '', progress: null });
    } catch (error) {
      // What was shown before stays.
      if (lab.getState().phase === 'compiling') lab.setState({ phase: before, detail: '', progress: null });
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
      await attempt(async () => {
        await session.request({ type: 'reset' });
        const { executor } = lab.getState().run ?? run;
        // The reset may have brought a new device, and brings the first library back; both are told before the answer.
        const { device, library, events } = lab.getState().run ?? run;
        const first = { ...run, device, library, events, executor, steps: [], evaluations: [] };
        lab.setState({ run: first, resumable: null, ...NO_VIEWS });
        memory.forget();
      });
      lab.setState({ busy: false });
      refresh();
    },
    async cancel() {
      const { phase } = lab.getState();
      if (phase === 'compiling') {
        await attempt(() => session.request({ type: 'cancel' }));
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
    async changeLibrary(...changes) {
      if (lab.getState().changing) return false;
      lab.setState({ changing: true });
      let made = 0;
      await attempt(async () => {
        for (const change of changes) {
          await session.request({ type: 'library', change });
          made += 1;
        }
      });
      lab.setState({ changing: false });
      return made === changes.length;
    },
    async exportOnnx() {
      let exported: RunExport | null = null;
      await attempt(async () => {
        exported = await session.request({ type: 'onnx' });
      });
      return exported;
    },
    async askModel(messages, maxTokens) {
      return session.request({ type: 'ask', messages, maxTokens });
    },
    async stopAsking() {
      await attempt(() => session.request({ type: 'stopAsking' }));
    },
    forgetResults() {
      return succeeded(() => session.request({ type: 'forget' }));
    },
    giveKey(baseURL, key) {
      return succeeded(() => session.request({ type: 'key', baseURL, key: key === '' ? null : key }));
    },
    async setSpeed(speed) {
      await attempt(async () => {
        await session.request({ type: 'speed', stepsPerSecond: speed });
        lab.setState({ speed });
      });
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

/** Whether a preset resolves to this config. */
function asksFor(preset: Draft, config: Draft): boolean {
  const parsed = parseDraft(preset);
  return 'resolved' in parsed && differences(draftOf(parsed.resolved), config).size === 0;
}
