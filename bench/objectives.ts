/** The time of one update of each objective, all on one device and turn about, beside that of `ttb`. */
import type { Backend } from '../src/gpu/backend.ts';
import type { ConfigInput } from '../src/training/config.ts';
import { OBJECTIVES } from '../src/training/config.ts';
import { median } from './median.ts';
import type { ObjectiveResult } from './protocol.ts';
import { trainerOn } from './ragged.ts';

/** @param steps updates a round */
export async function timeObjectives(
  preset: string,
  config: ConfigInput,
  backend: Backend,
  { rounds, steps }: { readonly rounds: number; readonly steps: number },
): Promise<ObjectiveResult[]> {
  const trainers = [];
  for (const objective of OBJECTIVES) {
    const trainer = await trainerOn({ ...config, objective: { kind: objective, updatesPerBatch: 1 } }, backend);
    await trainer.train(2);
    await trainer.drain();
    trainers.push({ objective, trainer, times: [] as number[] });
  }
  for (let round = 0; round < rounds; round++) {
    // Another one first in each round.
    for (let i = 0; i < trainers.length; i++) {
      const { trainer, times } = trainers[(round + i) % trainers.length];
      const start = performance.now();
      await trainer.train(steps);
      await trainer.drain();
      times.push((performance.now() - start) / steps);
    }
  }
  const base = median(trainers.find(({ objective }) => objective === 'ttb')?.times ?? []);
  return trainers.map(({ objective, trainer, times }) => ({
    preset,
    objective,
    milliseconds: median(times),
    dispatches: trainer.program.dispatches,
    ratio: median(times) / base,
  }));
}
