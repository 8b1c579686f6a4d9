/**
 * The lab's state in one store. Actions are named after what a person does; nothing else changes
 * the state but notices of the session. Components read; the session computes.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CreditView, Failure, Notice, Phase, TaskView } from '../session/protocol.ts';
import type { ConfigInput } from '../training/config.ts';
import type { StepMetrics } from '../training/records.ts';
import { duration, figure } from './format.ts';
import type { Memory, Resumable } from './memory.ts';
import type { Preset } from './presets.ts';
import type { RecordedRun } from './recorded.ts';
import {
  type LabRun,
  openedRun,
  recordedRun,
  secondsLeft,
  stepOf,
  type TaskEntry,
  taskOf,
  withEvaluations,
  withSteps,
} from './runState.ts';
import type { Session } from './session.ts';
import {
  type Draft,
  differences,
  draftOf,
  type FieldError,
  type Json,
  parseDraft,
  withValue,
} from './settings/draft.ts';
import type { ReadUrl, TaskChoice, Theme, UrlState, View } from './urlState.ts';

export interface Message {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly hint: string;
}

/** Settings as they stand, and those they were changed from. */
interface Settings {
  readonly preset: string | null;
  readonly draft: Draft;
}

/** Longest list of settings that can be undone. */
const UNDO = 100;
/** Trajectories shown in Credit: enough for GRPO's group, few enough to read. */
const TRAJECTORIES = 16;
/** Seconds from which a run on a slow device is announced as long. */
const LONG = 300;

export interface LabState extends Settings {
  readonly past: readonly (Settings & { readonly changed: string })[];
  /** The draft with every default filled in; null while `errors` says what is wrong with it. */
  readonly resolved: Draft | null;
  readonly errors: readonly FieldError[];

  readonly run: LabRun | null;
  /** The session run before this one. */
  readonly previous: LabRun | null;
  readonly phase: Phase;
  readonly detail: string;
  readonly progress: number | null;
  /** A request that changes the run is under way. */
  readonly busy: boolean;
  readonly resumable: Resumable | null;
  readonly recording: 'loading' | 'none' | 'shown';

  readonly view: View;
  readonly chosenTask: TaskChoice | null;
  readonly taskView: TaskView | null;
  readonly creditView: CreditView | null;
  readonly hoverStep: number | null;
  readonly theme: Theme | null;
  readonly controls: 'show' | 'hide';
  readonly messages: readonly Message[];
}

export interface LabActions {
  choosePreset(id: string): void;
  /** Sets one field; undefined takes it back to its default. */
  setField(path: string, value: Json | undefined): void;
  /** Replaces all settings, e.g. by a script. */
  setSettings(preset: string | null, draft: Draft): void;
  undo(): void;
  /** Takes the settings of the run on screen. */
  returnToRun(): void;

  play(): Promise<void>;
  pause(): Promise<void>;
  step(count: number): Promise<void>;
  reset(): Promise<void>;
  /** Stops what takes long: compiling, evaluating, training. */
  cancel(): Promise<void>;
  /** Opens the settings as a run without starting it. @throws what the session says, or that the settings are wrong */
  open(resume: boolean): Promise<void>;
  resumeLast(): Promise<void>;
  forgetLast(): void;
  showRecorded(run: RecordedRun | null): void;

  setView(view: View): void;
  chooseTask(task: TaskChoice): void;
  hover(step: number | null): void;
  setTheme(theme: Theme): void;
  showControls(): void;
  /** Takes over what an address asks for, and tells what in it could not be used. */
  applyUrl(read: ReadUrl): void;
  tell(level: Message['level'], text: string, hint?: string): void;
  dismiss(id: number): void;

  /** Calls `listener` with every new training step until the returned function is called. */
  onStep(listener: (metrics: StepMetrics) => void): () => void;
}

export type Lab = StoreApi<LabState & LabActions>;

export interface LabParts {
  readonly session: Session;
  readonly presets: readonly Preset[];
  readonly memory: Memory;
  readonly url: UrlState;
}

/** Whether training goes on by itself. */
export function isRunning(phase: Phase): boolean {
  return phase === 'running' || phase === 'evaluating' || phase === 'recovering';
}

/** Whether Play would start a new run rather than go on with the one on screen. */
export function startsAnew({ run, resolved, phase }: Pick<LabState, 'run' | 'resolved' | 'phase'>): boolean {
  // A closed session holds no run, though the page still shows the last one.
  return (
    phase === 'closed' || run?.source !== 'session' || resolved === null || differences(run.config, resolved).size > 0
  );
}

/** The task shown in Flow and Credit. */
export function shownTask(state: Pick<LabState, 'run' | 'chosenTask'>): TaskEntry | null {
  return state.run === null ? null : taskOf(state.run, state.chosenTask);
}

export function createLab({ session, presets, memory, url }: LabParts): Lab {
  const stepListeners = new Set<(metrics: StepMetrics) => void>();
  let messageId = 0;
  /** Notices that arrive while a run is being opened belong to it and wait for it. */
  let held: Notice[] | null = null;
  let warnedOfLength = false;
  /** A view is being fetched; `stale` asks for it once more. */
  let fetching = false;
  let stale = false;

  const lab: Lab = createStore<LabState & LabActions>()((set, get) => {
    function change(preset: string | null, draft: Draft, changed: string): void {
      const { past, preset: before, draft: old } = get();
      // Typing in one field is one change.
      const merged = changed !== '' && past.at(-1)?.changed === changed;
      const kept = merged ? past : [...past, { preset: before, draft: old, changed }].slice(-UNDO);
      set({ preset, draft, past: kept, ...checked(draft) });
    }

    function report(error: unknown): void {
      const failure = failureOf(error);
      if (failure.name === 'Cancelled') return;
      get().tell('error', failure.message, failure.hint);
    }

    /** Runs a request that changes the run; errors become messages. */
    async function transport(work: () => Promise<unknown>): Promise<void> {
      try {
        await work();
      } catch (error) {
        report(error);
      }
    }

    async function ensureOpen(): Promise<void> {
      if (startsAnew(get())) await get().open(false);
    }

    return {
      ...settingsOf(url),
      past: [],
      ...checked(url.draft),
      run: null,
      previous: null,
      phase: 'closed',
      detail: '',
      progress: null,
      busy: false,
      resumable: memory.resumable(),
      recording: 'loading',
      view: url.view,
      chosenTask: url.task,
      taskView: null,
      creditView: null,
      hoverStep: null,
      theme: url.theme,
      controls: url.controls,
      messages: [],

      choosePreset(id) {
        const preset = presets.find((candidate) => candidate.id === id);
        if (preset !== undefined) change(id, preset.config, '');
      },
      setField(path, value) {
        const { preset, draft } = get();
        change(preset, withValue(draft, path, value), path);
      },
      setSettings(preset, draft) {
        change(preset, draft, '');
      },
      undo() {
        const last = get().past.at(-1);
        if (last === undefined) return;
        set({ preset: last.preset, draft: last.draft, past: get().past.slice(0, -1), ...checked(last.draft) });
      },
      returnToRun() {
        const { run, preset } = get();
        if (run !== null) change(preset, run.config, '');
      },

      async open(resume) {
        const { resolved, errors, run, busy, phase: before } = get();
        if (resolved === null) throw new UnusableSettings(errors);
        if (busy) throw new Busy();
        set({ busy: true, phase: 'compiling', detail: 'unfolding the tasks', progress: null });
        const told = messageId;
        held = [];
        warnedOfLength = false;
        try {
          const opened = await session.request({ type: 'open', config: resolved as unknown as ConfigInput, resume });
          const next = openedRun(opened);
          const previous = run?.source === 'session' ? run : get().previous;
          set({ run: next, previous, taskView: null, creditView: null, hoverStep: null, resumable: null });
          if (resume && opened.step === 0 && messageId === told)
            get().tell('warning', `No checkpoint of ${next.name} was found.`, HINT_START);
          if (!opened.storage.kept) get().tell('warning', `Nothing will be kept: ${opened.storage.reason}`);
          if (get().phase === 'compiling') set({ phase: 'ready', detail: '', progress: null });
        } catch (error) {
          held = null;
          if (get().phase === 'compiling') set({ phase: before, detail: '', progress: null });
          throw error;
        } finally {
          set({ busy: false });
          releaseHeld();
        }
        refresh();
      },

      async play() {
        if (get().busy) return;
        await transport(async () => {
          await ensureOpen();
          await session.request({ type: 'play' });
        });
      },
      async pause() {
        await transport(() => session.request({ type: 'pause' }));
      },
      async step(count) {
        if (get().busy || isRunning(get().phase)) return;
        await transport(async () => {
          await ensureOpen();
          await session.request({ type: 'step', count });
        });
        refresh();
      },
      async reset() {
        const { run, busy } = get();
        if (run?.source !== 'session' || busy) return;
        set({ busy: true });
        held = [];
        await transport(async () => {
          await session.request({ type: 'reset' });
          set({ run: { ...run, steps: [], evaluations: [] }, taskView: null, creditView: null, resumable: null });
          memory.forget();
          // What was told before the reset took hold is of the old run.
          held = held?.filter((notice) => !isOfLaterStep(notice)) ?? null;
        });
        set({ busy: false });
        releaseHeld();
        refresh();
      },
      async cancel() {
        const { phase } = get();
        if (phase === 'compiling') {
          await transport(() => session.request({ type: 'close' }));
          // The run that was open before has gone with it; its checkpoint has not.
          set({ resumable: memory.resumable() });
        } else if (isRunning(phase)) {
          await transport(() => session.request({ type: 'pause' }));
        }
      },

      async resumeLast() {
        const last = get().resumable;
        if (last === null) return;
        get().setSettings(null, last.config);
        await transport(() => get().open(true));
      },
      forgetLast() {
        memory.forget();
        set({ resumable: null });
      },
      showRecorded(recorded) {
        if (recorded === null || get().run !== null) {
          set({ recording: 'none' });
          return;
        }
        const run = recordedRun(recorded);
        set({ recording: 'shown', run, taskView: recorded.view, creditView: recorded.credit });
      },

      setView(view) {
        set({ view });
        refresh();
      },
      chooseTask(task) {
        set({ chosenTask: task });
        refresh();
      },
      hover(step) {
        set({ hoverStep: step });
      },
      setTheme(theme) {
        set({ theme });
      },
      showControls() {
        set({ controls: 'show' });
      },
      applyUrl({ state, problems }) {
        const { preset, draft } = get();
        const changed = state.preset !== preset || differences(draft, state.draft).size > 0;
        if (changed) change(state.preset, state.draft, '');
        set({ view: state.view, theme: state.theme, controls: state.controls, chosenTask: state.task });
        if (problems.length > 0) get().tell('warning', 'Not all of the address could be used.', problems.join('\n'));
        refresh();
      },
      tell(level, text, hint = '') {
        const others = get().messages.filter((message) => message.text !== text);
        messageId += 1;
        set({ messages: [...others, { id: messageId, level, text, hint }].slice(-4) });
      },
      dismiss(id) {
        set({ messages: get().messages.filter((message) => message.id !== id) });
      },
      onStep(listener) {
        stepListeners.add(listener);
        return () => stepListeners.delete(listener);
      },
    };
  });

  function releaseHeld(): void {
    const waiting = held ?? [];
    held = null;
    for (const notice of waiting) receive(notice);
  }

  function receive(notice: Notice): void {
    const { run } = lab.getState();
    if (held !== null && (notice.type === 'metrics' || notice.type === 'evaluation' || notice.type === 'checkpoint')) {
      held.push(notice);
      return;
    }
    switch (notice.type) {
      case 'phase': {
        const before = lab.getState().phase;
        lab.setState({ phase: notice.phase, detail: notice.detail, progress: notice.progress });
        if (isRunning(before) && !isRunning(notice.phase)) refresh();
        return;
      }
      case 'metrics':
        if (run?.source !== 'session') return;
        lab.setState({ run: withSteps(run, notice.steps, notice.stepsPerSecond) });
        for (const metrics of notice.steps) for (const listener of stepListeners) listener(metrics);
        warnOfLength();
        return;
      case 'evaluation':
        if (run?.source !== 'session' || notice.evaluations.length === 0) return;
        lab.setState({ run: withEvaluations(run, notice.evaluations) });
        refresh();
        return;
      case 'device':
        if (run?.source === 'session') lab.setState({ run: { ...run, device: notice.device } });
        return;
      case 'checkpoint':
        rememberCheckpoint(notice.step);
        return;
      case 'news':
        lab.getState().tell(notice.level, notice.text);
        return;
      case 'error':
        lab.getState().tell('error', notice.error.message, notice.error.hint);
    }
  }

  function rememberCheckpoint(step: number): void {
    const { run } = lab.getState();
    if (run?.source === 'session') memory.remember({ name: run.name, config: run.config, step, total: run.total });
  }

  function warnOfLength(): void {
    const { run, tell } = lab.getState();
    if (run === null || warnedOfLength) return;
    const left = secondsLeft(run);
    if (left === null || left < LONG) return;
    warnedOfLength = true;
    if (run.device.backend === 'webgpu' && !run.device.software) return;
    const slow = run.device.backend === 'cpu' ? 'the CPU' : 'a software GPU';
    tell(
      'info',
      `At ${figure(run.stepsPerSecond)} steps a second on ${slow} this run takes about ${duration(left)} more.`,
    );
  }

  /** Fetches what the present view shows, if it is not of the present task and step. */
  function refresh(): void {
    if (fetching) {
      stale = true;
      return;
    }
    const { run, view, phase } = lab.getState();
    const task = shownTask(lab.getState());
    if (run?.source !== 'session' || task === null || view === 'lessons' || phase === 'closed') return;
    const present = view === 'flow' ? lab.getState().taskView : lab.getState().creditView;
    if (present?.split === task.split && present.index === task.index && present.step === stepOf(run)) return;
    fetching = true;
    stale = false;
    void fetchView(run, view, task);
  }

  async function fetchView(run: LabRun, view: 'flow' | 'credit', { split, index }: TaskEntry): Promise<void> {
    try {
      if (view === 'flow') {
        const taskView = await session.request({ type: 'inspect', split, task: index });
        if (isShown(run)) lab.setState({ taskView });
      } else {
        const creditView = await session.request({ type: 'credit', split, task: index, count: TRAJECTORIES });
        if (isShown(run)) lab.setState({ creditView });
      }
    } catch (error) {
      const failure = failureOf(error);
      if (isShown(run) && failure.name !== 'Cancelled') lab.getState().tell('error', failure.message, failure.hint);
    } finally {
      fetching = false;
      if (stale) refresh();
    }
  }

  function isShown(run: LabRun): boolean {
    return lab.getState().run?.config === run.config;
  }

  session.onNotice(receive);
  return lab;
}

/** The settings cannot be run; each field that is wrong says so beside it. */
class UnusableSettings extends Error {
  override readonly name = 'UnusableSettings';
  readonly hint = 'The field is marked in the settings.';
  constructor([first]: readonly FieldError[]) {
    super(`The settings cannot be run: ${first?.path ?? ''} ${first?.message ?? ''}.`);
  }
}

class Busy extends Error {
  override readonly name = 'Busy';
  readonly hint = 'Wait until it is done, or press Cancel.';
  constructor() {
    super('Another run is being opened.');
  }
}

const HINT_START = 'The run stands at step 0; Play starts it.';

function settingsOf(url: UrlState): Settings {
  return { preset: url.preset, draft: url.draft };
}

function checked(draft: Draft): Pick<LabState, 'resolved' | 'errors'> {
  const parsed = parseDraft(draft);
  return 'errors' in parsed
    ? { resolved: null, errors: parsed.errors }
    : { resolved: draftOf(parsed.resolved), errors: [] };
}

function isOfLaterStep(notice: Notice): boolean {
  if (notice.type === 'metrics') return true;
  return notice.type === 'evaluation' && notice.evaluations.some((evaluation) => evaluation.step > 0);
}

/** An error of the session or any other, as what happened and what to do. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Error) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
    return { name: error.name, message: error.message, hint };
  }
  return { name: 'Error', message: String(error), hint: '' };
}
