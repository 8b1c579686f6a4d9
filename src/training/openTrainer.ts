/** The Trainer that a config asks for. */
import type { Backend } from '../gpu/backend.ts';
import type { RunConfig } from './config.ts';
import type { EvolvingTrainer } from './evolvingTrainer.ts';
import { createEvolvingTrainer } from './evolvingTrainer.ts';
import type { Trainer, TrainerHooks } from './trainer.ts';
import { createTrainer } from './trainer.ts';

/** With evolution, one whose library grows. @throws what `createTrainer` throws */
export function openTrainer(
  config: RunConfig,
  backend: Backend,
  hooks: TrainerHooks,
): Promise<Trainer | EvolvingTrainer> {
  const { evolution } = config;
  return evolution
    ? createEvolvingTrainer({ ...config, evolution }, backend, hooks)
    : createTrainer(config, backend, hooks);
}
