/** The whole ragged step with sampling: the Trainer itself, on the presets and on growing sizes. */
import type { Backend, KernelTime } from '../src/gpu/backend.ts';
import type { ConfigInput } from '../src/training/config.ts';
import { resolveConfig } from '../src/training/resolve.ts';
import type { Trainer } from '../src/training/trainer.ts';
import { createTrainer } from '../src/training/trainer.ts';
import { median } from './median.ts';

export interface StepResult {
  readonly name: string;
  readonly milliseconds: number;
  readonly stepsPerSecond: number;
  readonly submissionsPerStep: number;
  readonly dispatches: number;
  readonly megabytes: number;
  readonly parameters: number;
  readonly walks: number;
  /** unique states visited by a step, mean over the timed steps */
  readonly states: number;
}

const hooks = { onProgress: () => {}, signal: new AbortController().signal };

/** Compiles a config on a backend of its own. */
export async function trainerOn(config: ConfigInput, backend: Backend): Promise<Trainer> {
  return createTrainer(resolveConfig(config), backend, hooks);
}

/** @param budget milliseconds to spend on timed steps, about */
export async function timeSteps(
  name: string,
  config: ConfigInput,
  backend: Backend,
  { rounds, budget }: { readonly rounds: number; readonly budget: number },
): Promise<StepResult> {
  const trainer = await trainerOn(config, backend);
  // The first step samples twice, for the first value of log Z; the second tells how long one takes.
  await trainer.train(1);
  await trainer.drain();
  const probe = performance.now();
  await trainer.train(1);
  await trainer.drain();
  const steps = Math.max(1, Math.min(100, Math.floor(budget / rounds / (performance.now() - probe))));
  const submitted = backend.submissions;
  const times: number[] = [];
  let states = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await trainer.train(steps);
    const metrics = await trainer.drain();
    times.push((performance.now() - start) / steps);
    states += metrics.reduce((sum, { states: visited }) => sum + visited, 0);
  }
  const milliseconds = median(times);
  const { rollout } = trainer.config;
  const tasks = trainer.tasks.filter(({ split }) => split === 'train').length;
  return {
    name,
    milliseconds,
    stepsPerSecond: 1000 / milliseconds,
    submissionsPerStep: (backend.submissions - submitted) / (rounds * steps),
    dispatches: trainer.program.dispatches,
    megabytes: backend.bytes / 2 ** 20,
    parameters: trainer.parameters,
    walks: Math.min(rollout.tasksPerStep, tasks) * rollout.trajectoriesPerTask,
    states: states / (rounds * steps),
  };
}

/** Time per kernel of one training step, most first; null where the device cannot tell. */
export async function profileStep(config: ConfigInput, backend: Backend): Promise<readonly KernelTime[] | null> {
  const trainer = await trainerOn(config, backend);
  await trainer.train(2);
  await trainer.drain();
  trainer.prepareStep();
  const times = await backend.profile(trainer.program);
  return times && [...times].sort((a, b) => b.milliseconds - a.milliseconds);
}
