/** The Trainer that a config asks for. */
import type { Backend } from '../gpu/backend.ts';
import type { RunConfig } from './config.ts';
import type { EvolvingTrainer } from './evolvingTrainer.ts';
import { createEvolvingTrainer } from './evolvingTrainer.ts';
import type { RunTrainer } from './liveTrainer.ts';
import { makeTrainer } from './liveTrainer.ts';
import type { TrainerHooks } from './trainer.ts';

/** With evolution, one whose library grows. @throws what `createTrainer` throws */
export function openTrainer(
  config: RunConfig,
  backend: Backend,
  hooks: TrainerHooks,
): Promise<RunTrainer | EvolvingTrainer> {
  const { evolution } = config;
  return evolution
    ? createEvolvingTrainer({ ...config, evolution }, backend, hooks)
    : makeTrainer(config, backend, hooks);
}
