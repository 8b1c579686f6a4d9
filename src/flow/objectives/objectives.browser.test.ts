/** The kernels of the objectives against their twins. */
import { describe, expect, it } from 'vitest';
import { expectTwin, SIZES } from '../../gpu/kernels/twins.fixture.ts';
import { COUNT, HEADER } from '../../supervisor/plan.ts';
import { randomSource } from '../../worlds/random.ts';
import { COEFFICIENT_STRIDE } from '../kernels/spreadCoefficients.ts';
import { SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';
import { tb } from './tb/tb.ts';
import { ttb } from './ttb/ttb.ts';
import { vargrad } from './vargrad/vargrad.ts';

/** `[walks, 8]`: residuals of either sign on both sides of a Huber bound of 1 per edge. */
function sumsOf(walks: number): Float32Array {
  const random = randomSource(walks);
  const sums = new Float32Array(walks * SUMS_STRIDE);
  for (let at = 0; at < sums.length; at += SUMS_STRIDE) {
    const length = 1 + random.int(5);
    sums[at + SUMS.length] = length;
    sums[at + SUMS.logPF] = -3 * length * random.next();
    sums[at + SUMS.logPB] = -3 * length * random.next();
    sums[at + SUMS.logTarget] = 2 * random.next() - 1;
  }
  return sums;
}

describe.each([ttb, tb, vargrad])('$name', (objective) => {
  const compare = async (tasks: number, walksPerTask: number): Promise<boolean> => {
    const walks = tasks * walksPerTask;
    const plan = new Uint32Array(HEADER);
    plan[COUNT.batch] = tasks;
    plan[COUNT.walks] = walks;
    const logZ = Float32Array.from({ length: tasks }, (_, b) => Math.sin(b));
    return expectTwin(objective, {
      tensors: {
        plan,
        sums: sumsOf(walks),
        logZ,
        coefficients: new Float32Array(walks * COEFFICIENT_STRIDE),
        dLogZ: new Float32Array(tasks),
      },
      params: { walksPerTask, huber: 1 },
      invocations: Math.max(tasks, 1),
    });
  };

  it.each(SIZES)('does for %i tasks what its twin does', async (tasks) => {
    expect(await compare(tasks, 3)).toBe(tasks > 0);
  });

  it.each(SIZES.slice(1))('does for a task of %i walks what its twin does', async (walks) => {
    expect(await compare(2, walks)).toBe(true);
  });
});
