/** A small run with evolution, and what opens and trains one. */
import type { EvolutionInput } from '../evolution/settings.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import type { EvolvingTrainer } from './evolvingTrainer.ts';
import { openTrainer } from './openTrainer.ts';
import type { StepMetrics } from './records.ts';
import { resolveConfig } from './resolve.ts';

export const hooks = { onProgress: () => {}, signal: new AbortController().signal };

/** Two hops in two steps, most tasks with one: a small library solves what single acts cannot. */
export function evolvingConfig(evolution: EvolutionInput, change: Partial<ConfigInput> = {}): ConfigInput {
  return {
    version: 1,
    seed: 1,
    device: 'cpu',
    steps: 60,
    suites: [
      {
        name: 'two-hop-qa',
        settings: { steps: 2, evidence: 3, hurried: 0.7, countries: 12 },
        train: 24,
        validation: 8,
        heldOut: 4,
      },
    ],
    encoder: { dimensions: 64 },
    supervisor: { width: 16, heads: 2 },
    objective: { kind: 'tb' },
    optimiser: { lr: 0.005, clip: 10 },
    rollout: { tasksPerStep: 8, trajectoriesPerTask: 8 },
    evolution: {
      slots: 4,
      when: { window: 5, rho: 0.9, windows: 1 },
      what: { walks: 16, tasks: 24 },
      where: { candidates: 2 },
      gate: { steps: 15, seeds: 2, gain: 0.02 },
      ...evolution,
    },
    ...change,
  };
}

export async function openEvolving(input: ConfigInput): Promise<EvolvingTrainer> {
  const trainer = await openTrainer(resolveConfig(input), createCpuBackend(), hooks);
  if (!('change' in trainer)) throw new Error('The config has no evolution.');
  return trainer;
}

/** Trains up to a step, a unit at a time; the metrics of its steps. */
export async function trainTo(trainer: EvolvingTrainer, step: number): Promise<StepMetrics[]> {
  const steps: StepMetrics[] = [];
  while (trainer.step < step || trainer.evolving) {
    await trainer.train(1);
    steps.push(...(await trainer.drain()));
  }
  return steps;
}
