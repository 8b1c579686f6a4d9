/** The CPU backend on the first preset: how fast it goes, and how long until it has learned. */
import firstPreset from '../configs/hypergrid-8x8.json' with { type: 'json' };
import { createCpuBackend } from '../src/gpu/cpuBackend.ts';
import type { ConfigInput } from '../src/training/config.ts';
import { trainerOn } from './ragged.ts';

export interface CpuPoint {
  /** since the first step began; the exact evaluations in between are counted, as a visitor waits for them too */
  readonly seconds: number;
  readonly step: number;
  readonly l1: number;
  readonly success: number;
}

export interface CpuResult {
  readonly stepsPerSecond: number;
  readonly points: readonly CpuPoint[];
  /** seconds until exact L1 was below 0.1, null where it was not within the limit */
  readonly learned: number | null;
}

const GOAL = 0.1;

/** @param options.limit seconds to give up after */
export async function cpuLearning(
  options: { readonly limit: number; readonly every: number },
  onProgress: (text: string) => void,
): Promise<CpuResult> {
  const trainer = await trainerOn(firstPreset as ConfigInput, createCpuBackend());
  const { signal } = new AbortController();
  const evaluate = async () => (await trainer.evaluate({ all: false, signal, onProgress: () => {} }))[0];
  const before = await evaluate();
  const points: CpuPoint[] = [{ seconds: 0, step: 0, l1: before.l1, success: before.success }];
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let training = 0;
  let learned: number | null = null;
  while (learned === null && trainer.step < trainer.config.steps && seconds() < options.limit) {
    const began = performance.now();
    await trainer.train(Math.min(options.every, trainer.config.steps - trainer.step));
    await trainer.drain();
    training += performance.now() - began;
    const { l1, success } = await evaluate();
    points.push({ seconds: seconds(), step: trainer.step, l1, success });
    onProgress(`step ${trainer.step}: L1 ${l1.toFixed(3)} after ${seconds().toFixed(1)} s`);
    if (l1 < GOAL) learned = seconds();
  }
  return { stepsPerSecond: (1000 * trainer.step) / training, points, learned };
}
