/** Errors as they cross the border of the worker: every one with what to do about it. */
import { ModelFailure } from '../executor/modelFailure.ts';
import type { Failure } from './protocol.ts';

const STEP_BACK = 'Reset the run, or change its settings and start again.';

/** By the error's name, for those that carry no hint of their own. */
const HINTS: Readonly<Record<string, string>> = {
  BadConfig: 'Correct the field that is named; what was open before is untouched.',
  GraphTooLarge: "Lower the suite's sizes (horizon, height, number of entities), so that its tasks can be enumerated.",
  InvalidWorld: 'This is a mistake in the suite, not in your settings: please report it with these settings.',
  NonPositiveReward: 'Raise objective.eps above 0, so that every outcome has a reward to take the logarithm of.',
  AllocationTooLarge: "Lower the number of tasks, the suite's size, or the supervisor's width.",
  CapacityExceeded: 'Lower rollout.tasksPerStep or rollout.trajectoriesPerTask, and please report these settings.',
  NonFinite: 'Lower the learning rates or optimiser.clip and start again; the last checkpoint is from before it.',
  KernelCompileError: 'This is a mistake in the program: please report it. Device "cpu" works without kernels.',
  NotSupportedError: 'Update the browser, or choose device "cpu".',
  DataCloneError: 'This is a mistake in the lab, or a config that holds more than plain values: please report it.',
  BadPlan: 'Correct the line that is named; the library is as it was.',
  LibraryFull: 'Remove a skill first, or open the run with more evolution.slots.',
  PlanRefused: 'The library is as it was.',
  NoSuchSkill: 'The library may have changed in the meantime; look at it again.',
  NoComposites: 'Take a suite that carries out skills: household, two-hop-qa or contest-math.',
  QuotaExceededError: 'Free some storage of this site; the run itself is not affected.',
};

const FAULT =
  'This is a mistake in the lab: please report it with these settings. Reloading goes on from the last checkpoint.';

/** What a person can read of anything that was thrown. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), hint: FAULT };
  if (error instanceof ModelFailure) return { name: error.name, message: error.what, hint: error.advice };
  const own = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return { name: error.name, message: error.message, hint: own ?? HINTS[error.name] ?? FAULT };
}

/** Whether the device went away, so that a new one can take over. Every other failure of a device stays one. */
export function isDeviceLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'DeviceLost' || (error.name === 'DeviceFailure' && 'kind' in error && error.kind === 'lost');
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** A request that needs a run came before one was opened. */
export class NoRun extends Error {
  override readonly name = 'NoRun';
  readonly hint = 'Open a config first.';
  constructor(request: string) {
    super(`"${request}" needs a run, and none is open.`);
  }
}

/** A change of the library was asked of a run whose library stays as it is. */
export class FixedLibrary extends Error {
  override readonly name = 'FixedLibrary';
  readonly hint = 'Open the run with evolution; with evolution.control "none" nobody but you changes the library.';
  constructor() {
    super('The library of this run stays as it is.');
  }
}

export class RunFinished extends Error {
  override readonly name = 'RunFinished';
  readonly hint = 'Reset the run to train it again, or open it with more steps.';
  constructor(steps: number) {
    super(`The run has taken all of its ${steps} steps.`);
  }
}

export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly hint = STEP_BACK;
  constructor(cause: Failure) {
    super(`The run was stopped by an error: ${cause.message}`);
  }
}

/** A language model was asked for in a run that has none. */
export class NoExecutor extends Error {
  override readonly name = 'NoExecutor';
  readonly hint = 'Open a run with a live suite, e.g. two-hop-qa-live.';
  constructor() {
    super('This run has no language model: its tasks are enumerated.');
  }
}

/** A later request took the place of this one. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  readonly hint = 'Ask again if it is still wanted.';
  constructor(by: string) {
    super(`Cancelled: ${by}.`);
  }
}

export class NoWebGPU extends Error {
  override readonly name = 'NoWebGPU';
  readonly hint = 'Choose device "auto" or "cpu", or open the page in a browser with WebGPU.';
  constructor(reason: string) {
    super(`The config asks for WebGPU. ${reason}`);
  }
}

export class DeviceGone extends Error {
  override readonly name = 'DeviceGone';
  readonly hint = 'Reset tries for a device again; with device "auto" the run would go on without WebGPU.';
  constructor(reason: string) {
    super(`The GPU device was lost and did not come back. ${reason}`);
  }
}
