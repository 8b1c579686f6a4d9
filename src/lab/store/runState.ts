/** A run as the lab holds it, and how notices of the worker extend it. Pure. */
import type { EvolutionEvent } from '../../evolution/events.ts';
import type { TurnsReport } from '../../executor/gpuTurns.ts';
import type { Split } from '../../graph/world.ts';
import type { CreditView, ExecutorOpened, RunOpened, TaskView } from '../../session/protocol.ts';
import type { Library, SkillSource } from '../../skills/skill.ts';
import type { DeviceInfo, Evaluation, StepMetrics } from '../../training/records.ts';
import type { RecordedRun } from '../recorded.ts';
import { runName } from '../runName.ts';
import { type Draft, draftOf } from '../settings/draft.ts';
import type { TaskChoice } from '../urlState.ts';

/** A task of the run; `index` is its position in the split over all suites in order, as the session counts. */
export interface TaskEntry extends TaskChoice {
  readonly suite: string;
  /** Its index within its suite. */
  readonly number: number;
  readonly text: string;
  /** What is right, for a person; absent where the text says it, or where it is not known. */
  readonly answers?: readonly string[] | undefined;
}

/** A walk that a skill came from. */
export interface SourceWalk {
  readonly skill: string;
  readonly source: SkillSource;
  /** How many of the walk's acts the skill's plan covers, from `source.first` on. */
  readonly length: number;
}

/** Settings as a person wrote them, and the preset that they were changed from. */
export interface Written {
  readonly preset: string | null;
  readonly draft: Draft;
}

export interface LabRun {
  /** A run made earlier and shown, or one that the session holds. */
  readonly source: 'recorded' | 'session';
  readonly name: string;
  /** As resolved: every default filled in. */
  readonly config: Draft;
  /** As it was written, and the preset that it was written from. */
  readonly written: Written;
  readonly seed: number;
  /** Steps the run will take in all. */
  readonly total: number;
  readonly device: DeviceInfo;
  readonly parameters: number | null;
  readonly storage: { readonly kept: boolean; readonly reason: string } | null;
  readonly tasks: readonly TaskEntry[];
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly Evaluation[];
  /** The skills, and what happened to them so far. */
  readonly library: Library;
  readonly events: readonly EvolutionEvent[];
  /** The language model of live suites, with what it was asked so far; null where tasks are enumerated or it is not known. */
  readonly executor: LiveExecutor | null;
  readonly stepsPerSecond: number | null;
}

export interface LiveExecutor extends ExecutorOpened {
  /** How the GPU is shared where the model runs on the one that the run trains on, else null. */
  readonly turns: TurnsReport | null;
}

export function openedRun(written: Written, opened: RunOpened): LabRun {
  return {
    source: 'session',
    name: runName(opened.config),
    config: draftOf(opened.config),
    written,
    seed: opened.config.seed,
    total: opened.config.steps,
    device: opened.device,
    parameters: opened.parameters,
    storage: opened.storage,
    tasks: positioned(opened.tasks),
    steps: opened.steps,
    evaluations: opened.evaluations,
    library: opened.library,
    events: opened.events,
    executor: opened.executor && { ...opened.executor, turns: null },
    stepsPerSecond: null,
  };
}

export function recordedRun(written: Written, { record, view }: RecordedRun): LabRun {
  return {
    source: 'recorded',
    name: runName(record.config),
    config: draftOf(record.config),
    written,
    seed: record.config.seed,
    total: record.config.steps,
    device: record.device,
    parameters: null,
    storage: null,
    tasks: [{ suite: view.suite, split: view.split, index: 0, number: view.index, text: view.graph.text }],
    steps: record.steps,
    evaluations: record.evaluations,
    library: { skills: record.library, forbidden: [] },
    events: record.events,
    executor: null,
    stepsPerSecond: record.timing.stepsPerSecond,
  };
}

/** Steps done, which is the number that the metrics of the last step carry. */
export function stepsDone(run: Pick<LabRun, 'steps'>): number {
  return run.steps.at(-1)?.step ?? 0;
}

/**
 * Estimated seconds until the run is done; null before its speed is known.
 * @param limit steps a second at most; null for none
 */
export function secondsLeft(run: LabRun, limit: number | null): number | null {
  if (run.stepsPerSecond === null || run.stepsPerSecond <= 0) return null;
  return (run.total - stepsDone(run)) / Math.min(run.stepsPerSecond, limit ?? Infinity);
}

/** With new steps; steps that are told again (after a device was lost) replace the old ones. */
export function withSteps(run: LabRun, steps: readonly StepMetrics[], stepsPerSecond: number): LabRun {
  const first = steps[0];
  if (first === undefined) return { ...run, stepsPerSecond };
  const kept = stepsDone(run) < first.step ? run.steps : run.steps.filter((held) => held.step < first.step);
  return { ...run, steps: [...kept, ...steps], stepsPerSecond };
}

/** With new evaluations, in the order of their steps. */
export function withEvaluations(run: LabRun, added: readonly Evaluation[]): LabRun {
  const earliest = Math.min(...added.map((evaluation) => evaluation.step));
  const kept = run.evaluations.filter(
    (held) =>
      held.step < earliest ||
      (held.step === earliest && !added.some((one) => one.suite === held.suite && one.split === held.split)),
  );
  return { ...run, evaluations: [...kept, ...added] };
}

function positioned(tasks: RunOpened['tasks']): readonly TaskEntry[] {
  const counts = new Map<Split, number>();
  return tasks.map(({ suite, split, index: number, text, answers }) => {
    const index = counts.get(split) ?? 0;
    counts.set(split, index + 1);
    return { suite, split, index, number, text, answers };
  });
}

/** The task of a stretch among those of the run: it must read the same too, for a skill may come from elsewhere. */
export function entryOf({ suite, split, task, text }: SkillSource, tasks: readonly TaskEntry[]): TaskEntry | undefined {
  return tasks.find((one) => one.suite === suite && one.split === split && one.index === task && one.text === text);
}

/** Whether a view is of this task. */
export function isOfTask(view: Pick<TaskView, 'suite' | 'split' | 'index'>, task: TaskEntry): boolean {
  return view.suite === task.suite && view.split === task.split && view.index === task.number;
}

/** Whether a view holds the walk's credit, or says that it cannot be taken. */
export function isOfWalk(view: Pick<CreditView, 'walk'> | null, { source }: SourceWalk): boolean {
  const { actions } = source;
  const asked = view?.walk?.actions;
  return asked?.length === actions.length && asked.every((action, i) => action === actions[i]);
}

/** The chosen task if the run has it, else the first held-out task, else its first. */
export function taskOf(run: LabRun, chosen: TaskChoice | null): TaskEntry | null {
  const found = run.tasks.find((task) => task.split === chosen?.split && task.index === chosen.index);
  return found ?? run.tasks.find((task) => task.split === 'heldOut') ?? run.tasks[0] ?? null;
}
