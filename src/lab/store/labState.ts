/** What the lab's store holds, what can be done to it, and what follows from it. */
import type { StoreApi } from 'zustand/vanilla';
import type { Completion, Message } from '../../executor/languageModel.ts';
import type { Split } from '../../graph/world.ts';
import type { CreditView, Phase, TaskView } from '../../session/protocol.ts';
import type { LibraryChange } from '../../skills/libraryChange.ts';
import type { RunExport } from '../../training/exportRun.ts';
import type { StepMetrics } from '../../training/records.ts';
import type { RecordedRun } from '../recorded.ts';
import { type Draft, differences, type FieldError, type Json } from '../settings/draft.ts';
import type { ReadUrl, SkillList, TaskChoice, Theme, View } from '../urlState.ts';
import type { Resumable } from './memory.ts';
import { type LabRun, type SourceWalk, stepsDone, type TaskEntry, taskOf, type Written } from './runState.ts';

export interface LabMessage {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly hint: string;
}

export interface SettingsState extends Written {
  readonly past: readonly (Written & { readonly changed: string })[];
  /** The draft with every default filled in; null while `errors` says what is wrong with it. */
  readonly resolved: Draft | null;
  readonly errors: readonly FieldError[];
}

export interface SettingsActions {
  choosePreset(id: string): void;
  /** Sets one field; undefined takes it back to its default. */
  setField(path: string, value: Json | undefined): void;
  /** Replaces all settings, e.g. by a script. */
  setSettings(preset: string | null, draft: Draft): void;
  undo(): void;
  /** Takes the settings of the run on screen. */
  returnToRun(): void;
}

export interface RunState {
  readonly run: LabRun | null;
  /** The session run before this one. */
  readonly previous: LabRun | null;
  readonly phase: Phase;
  readonly detail: string;
  readonly progress: number | null;
  /** A request that changes the run is under way. */
  readonly busy: boolean;
  readonly resumable: Resumable | null;
  /** At most so many steps a second; null is full speed. */
  readonly speed: number | null;
  readonly recording: 'loading' | 'none' | 'shown';
  /** A change of the library by hand is under way. */
  readonly changing: boolean;
}

export interface RunActions {
  play(): Promise<void>;
  pause(): Promise<void>;
  step(count: number): Promise<void>;
  reset(): Promise<void>;
  setSpeed(speed: number | null): Promise<void>;
  /** Stops what takes long: compiling (the run before stays as it was), evaluating, training. */
  cancel(): Promise<void>;
  /** Opens the settings as a run without starting it. @throws what the session says, or that the settings are wrong */
  open(resume: boolean): Promise<void>;
  resumeLast(): Promise<void>;
  /** Changes the library by hand, one change after the other; what is refused becomes a message. @returns whether all were made */
  changeLibrary(...changes: readonly LibraryChange[]): Promise<boolean>;
  /** The network of the run in play as files, verified; null where that failed, which is told. */
  exportOnnx(): Promise<RunExport | null>;
  /** Asks the run's language model something beside the run. @throws what the session says */
  askModel(messages: readonly Message[], maxTokens: number): Promise<Completion>;
  /** Gives up what `askModel` waits for, which then rejects with an error named `Cancelled`. */
  stopAsking(): Promise<void>;
  /** Forgets what the run's model has answered, in this browser; what goes wrong is told. @returns whether it did */
  forgetResults(): Promise<boolean>;
  /** The key for an address, held by the worker alone; an empty one is forgotten. @returns whether it was taken */
  giveKey(baseURL: string, key: string): Promise<boolean>;
  forgetLast(): void;
  /** Shows a run made earlier unless one is open; null where there is none. */
  showRecorded(run: RecordedRun | null): void;
  /** Calls `listener` with every new training step until the returned function is called. */
  onStep(listener: (metrics: StepMetrics) => void): () => void;
}

export interface ShownState {
  readonly view: View;
  readonly chosenTask: TaskChoice | null;
  /** The walk of the chosen task that Flow and Credit show; null where none was asked for. */
  readonly sourceWalk: SourceWalk | null;
  readonly taskView: TaskView | null;
  readonly creditView: CreditView | null;
  readonly hoverStep: number | null;
  readonly theme: Theme | null;
  readonly controls: 'show' | 'hide';
  readonly compareBy: string | null;
  readonly compareSplit: Split | null;
  readonly chosenSkill: string | null;
  readonly skillList: SkillList;
  readonly messages: readonly LabMessage[];
}

export interface ShownActions {
  setView(view: View): void;
  chooseTask(task: TaskChoice): void;
  /** Chooses the task of a walk that a skill came from and shows the walk there, until a task is chosen or it is hidden. */
  showWalk(view: 'flow' | 'credit', task: TaskChoice, walk: SourceWalk): void;
  hideWalk(): void;
  hover(step: number | null): void;
  setTheme(theme: Theme): void;
  showControls(): void;
  setCompared(asked: Partial<Pick<ShownState, 'compareBy' | 'compareSplit'>>): void;
  setSkills(asked: Partial<Pick<ShownState, 'chosenSkill' | 'skillList'>>): void;
  /** Takes over what an address asks for, and tells what in it could not be used. */
  applyUrl(read: ReadUrl): void;
  tell(level: LabMessage['level'], text: string, hint?: string): void;
  dismiss(id: number): void;
}

export type LabState = SettingsState & RunState & ShownState;
export type LabActions = SettingsActions & RunActions & ShownActions;
export type Lab = StoreApi<LabState & LabActions>;

/** Whether training goes on by itself. */
export function isRunning(phase: Phase): boolean {
  return phase === 'running' || phase === 'evaluating' || phase === 'evolving' || phase === 'recovering';
}

/** Whether Play would start a new run rather than go on with the one on screen. */
export function startsAnew({ run, resolved, phase }: Pick<LabState, 'run' | 'resolved' | 'phase'>): boolean {
  // A closed session holds no run, though the page still shows the last one.
  if (phase === 'closed' || run?.source !== 'session' || resolved === null) return true;
  return differences(run.config, resolved).size > 0;
}

/** Whether the run on screen has taken all its steps: no further phase of evolution is held. */
export function hasEnded({ run }: Pick<LabState, 'run'>): boolean {
  return run !== null && stepsDone(run) >= run.total;
}

/** Whether the session holds the run on screen, so that it can be asked about it. */
export function isOpen({ run, phase }: Pick<LabState, 'run' | 'phase'>): boolean {
  return run?.source === 'session' && phase !== 'closed';
}

/** The task shown in Flow and Credit. */
export function shownTask({ run, chosenTask }: Pick<LabState, 'run' | 'chosenTask'>): TaskEntry | null {
  return run === null ? null : taskOf(run, chosenTask);
}
