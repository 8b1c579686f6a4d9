/** Engines take the same steps turn about, so that whatever else the machine does meets them all. */
import type { GpuCounts } from '../gpuMeter.ts';
import { countGpu } from '../gpuMeter.ts';
import { median } from '../median.ts';
import type { DenseEngine } from './engine.ts';

export interface EngineResult {
  readonly name: string;
  readonly on: DenseEngine['on'];
  readonly about: string;
  /** of one step, each figure the mean of a round's steps */
  readonly milliseconds: { readonly median: number; readonly fastest: number; readonly slowest: number };
  /** of one step; null where nothing is computed on WebGPU */
  readonly gpu: GpuCounts | null;
  /** largest relative difference of a loss from this project's WebGPU engine's, over all steps */
  readonly lossDifference: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly stepsTaken: number;
}

export interface RaceOptions {
  readonly warmUp: number;
  readonly rounds: number;
  readonly stepsPerRound: number;
}

/** A step's share: what waiting for the end costs is in both counts, and falls out. */
function perStep(one: GpuCounts, three: GpuCounts): GpuCounts {
  const share = (name: keyof GpuCounts) => (three[name] - one[name]) / 2;
  return {
    submissions: share('submissions'),
    dispatches: share('dispatches'),
    buffers: share('buffers'),
    bufferBytes: share('bufferBytes'),
  };
}

/** The first engine's losses are those that the others are held to. Disposes of the engines. */
export async function race(
  engines: readonly DenseEngine[],
  { warmUp, rounds, stepsPerRound }: RaceOptions,
  onProgress: (text: string) => void,
): Promise<readonly EngineResult[]> {
  const counts: (GpuCounts | null)[] = [];
  for (const engine of engines) {
    onProgress(`${engine.name} (${engine.on}): warming up`);
    await engine.enter();
    await engine.run(warmUp);
    const [one, three] = [await countGpu(() => engine.run(1)), await countGpu(() => engine.run(3))];
    counts.push(engine.on === 'webgpu' ? perStep(one, three) : null);
  }
  const times: number[][] = engines.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < engines.length; turn++) {
      // Another engine begins each round.
      const i = (turn + round) % engines.length;
      const engine = engines[i];
      onProgress(`round ${round + 1} of ${rounds}: ${engine.name} (${engine.on})`);
      await engine.enter();
      const start = performance.now();
      await engine.run(stepsPerRound);
      times[i].push((performance.now() - start) / stepsPerRound);
    }
  }
  const results: EngineResult[] = [];
  let reference: readonly number[] = [];
  for (const [i, engine] of engines.entries()) {
    const losses = await engine.losses();
    if (i === 0) reference = losses;
    const differences = losses.map((loss, step) => Math.abs(loss - reference[step]) / Math.abs(reference[step]));
    results.push({
      name: engine.name,
      on: engine.on,
      about: engine.about,
      milliseconds: { median: median(times[i]), fastest: Math.min(...times[i]), slowest: Math.max(...times[i]) },
      gpu: counts[i],
      // A loss that is not a number must not pass for an equal one.
      lossDifference: differences.every(Number.isFinite) ? Math.max(...differences) : Number.NaN,
      firstLoss: losses[0],
      lastLoss: losses[losses.length - 1],
      stepsTaken: losses.length,
    });
  }
  for (const engine of engines) await engine.dispose();
  return results;
}
