/** The objectives by hand: loss, coefficients and gradient of log Z on one small batch. */
import { describe, expect, it, test } from 'vitest';
import { COUNT, HEADER } from '../../supervisor/plan.ts';
import { COEFFICIENT, COEFFICIENT_STRIDE } from '../kernels/spreadCoefficients.ts';
import { SUMS, SUMS_STRIDE } from '../kernels/walkSums.ts';
import { tb } from './tb/tb.ts';
import { ttb } from './ttb/ttb.ts';
import { vargrad } from './vargrad/vargrad.ts';

interface Walk {
  readonly logPF: number;
  readonly logPB: number;
  readonly logTarget: number;
  readonly length: number;
}

interface Batch {
  readonly logZ: readonly number[];
  readonly walksPerTask: number;
  readonly huber: number;
  readonly walks: readonly Walk[];
}

/** What an objective makes of a batch, in float64 unless told. */
function evaluate(
  objective: Pick<typeof tb, 'twin'>,
  batch: Batch,
  Floats: typeof Float32Array | typeof Float64Array = Float64Array,
) {
  const plan = new Uint32Array(HEADER);
  plan[COUNT.batch] = batch.logZ.length;
  plan[COUNT.walks] = batch.walks.length;
  const sums = new Floats(batch.walks.length * SUMS_STRIDE);
  for (const [w, walk] of batch.walks.entries()) {
    for (const name of ['logPF', 'logPB', 'logTarget', 'length'] as const) {
      sums[w * SUMS_STRIDE + SUMS[name]] = walk[name];
    }
  }
  const logZ = Floats.from(batch.logZ);
  const coefficients = new Floats(batch.walks.length * COEFFICIENT_STRIDE);
  const dLogZ = new Floats(batch.logZ.length);
  objective.twin({ plan, sums, logZ, coefficients, dLogZ }, batch);
  const column = (name: keyof typeof COEFFICIENT) =>
    batch.walks.map((_, w) => coefficients[w * COEFFICIENT_STRIDE + COEFFICIENT[name]]);
  return {
    policy: column('policy'),
    backward: column('backward'),
    loss: column('loss'),
    residual: column('residual'),
    logZ: [...logZ],
    dLogZ: [...dLogZ],
  };
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12);
}

/**
 * Two tasks of two walks. Delta = log Z + log P_F - beta log R~ - log P_B:
 *
 *     task 0, log Z = 1    walk 0, T = 2    1 + (-3)   - 0.5 - (-1)   = -1.5
 *                          walk 1, T = 4    1 + (-2)   - (-1) - (-2)  =  2
 *     task 1, log Z = 0    walk 2, T = 1    0 + (-0.5) - 0 - 0        = -0.5
 *                          walk 3, T = 3    0 + (-1)   - 2 - (-6)     =  3
 *
 * No |Delta / T| (0.75, 0.5, 0.5, 1) is above the bound of 2.
 */
const batch: Batch = {
  logZ: [1, 0],
  walksPerTask: 2,
  huber: 2,
  walks: [
    { logPF: -3, logPB: -1, logTarget: 0.5, length: 2 },
    { logPF: -2, logPB: -2, logTarget: -1, length: 4 },
    { logPF: -0.5, logPB: 0, logTarget: 0, length: 1 },
    { logPF: -1, logPB: -6, logTarget: 2, length: 3 },
  ],
};

const opposite = (values: readonly number[]): number[] => values.map((value) => -value);

test('tb: loss Delta^2, coefficients 2 Delta / walks, and their sum for log Z', () => {
  const { policy, backward, loss, residual, logZ, dLogZ } = evaluate(tb, batch);
  expectClose(loss, [1.5 * 1.5, 2 * 2, 0.5 * 0.5, 3 * 3]); // 2.25, 4, 0.25, 9
  expectClose(policy, [-0.75, 1, -0.25, 1.5]); // 2 Delta / 4
  expectClose(backward, opposite(policy));
  expectClose(dLogZ, [-0.75 + 1, -0.25 + 1.5]); // 0.25, 1.25
  expectClose(residual, [-0.75, 0.5, -0.5, 1]); // Delta / T
  expect(logZ).toEqual([1, 0]);
});

test('ttb: loss (Delta / T)^2, coefficients 2 Delta / (T^2 walks), and their sum for log Z', () => {
  const { policy, backward, loss, residual, logZ, dLogZ } = evaluate(ttb, batch);
  expectClose(loss, [0.75 ** 2, 0.5 ** 2, 0.5 ** 2, 1]); // 0.5625, 0.25, 0.25, 1
  // -1.5 / (2 * 4), 2 / (2 * 16), -0.5 / (2 * 1), 3 / (2 * 9)
  expectClose(policy, [-0.1875, 0.0625, -0.25, 1 / 6]);
  expectClose(backward, opposite(policy));
  expectClose(dLogZ, [-0.125, -1 / 12]); // -0.1875 + 0.0625, -3/12 + 2/12
  expectClose(residual, [-0.75, 0.5, -0.5, 1]);
  expect(logZ).toEqual([1, 0]);
});

test("vargrad: tb with log Z the mean of the task's own walks, through which no gradient flows", () => {
  const { policy, backward, loss, logZ, dLogZ } = evaluate(vargrad, batch);
  // beta log R~ + log P_B - log P_F: 0.5 - 1 + 3 = 2.5, -1 - 2 + 2 = -1; 0 + 0 + 0.5 = 0.5, 2 - 6 + 1 = -3
  expectClose(logZ, [0.75, -1.25]);
  // Delta = log Z less that: 0.75 - 2.5, 0.75 + 1, -1.25 - 0.5, -1.25 + 3 = -1.75, 1.75, -1.75, 1.75, of which
  // the third walk's, of one edge, is within its bound of 2 too.
  expectClose(loss, [3.0625, 3.0625, 3.0625, 3.0625]); // 1.75^2
  expectClose(policy, [-0.875, 0.875, -0.875, 0.875]); // 2 * 1.75 / 4
  expectClose(backward, opposite(policy));
  expectClose(dLogZ, [0, 0]);
});

test('vargrad does not care where the head puts log Z, and its loss is a variance', () => {
  expect(evaluate(vargrad, { ...batch, logZ: [100, -100] })).toEqual(evaluate(vargrad, batch));
  // Population variance of 2.5 and -1 about 0.75: 1.75^2.
  const { loss } = evaluate(vargrad, batch);
  expect((loss[0] + loss[1]) / 2).toBeCloseTo(((2.5 - -1) / 2) ** 2, 12);
});

test('vargrad has nothing to learn from one walk, and no rounding that AdamW would make a step of', () => {
  // In float32: 0.1 + (-0.7) - (-0.3) rounds, and log Z is stored rounded.
  const walks = [{ logPF: -0.3, logPB: -0.7, logTarget: 0.1, length: 3 }];
  const { loss, policy } = evaluate(vargrad, { logZ: [0], walksPerTask: 1, huber: 1, walks }, Float32Array);
  expect(loss).toEqual([0]);
  expect(policy).toEqual([0]);
});

/** One task, one walk of `length` edges whose Delta is `delta`. */
const oneWalk = (delta: number, length: number, huber: number): Batch => ({
  logZ: [delta],
  walksPerTask: 1,
  huber,
  walks: [{ logPF: 0, logPB: 0, logTarget: 0, length }],
});

describe('beyond the bound, where |Delta / T| > huber', () => {
  const huber = 0.5;
  const length = 4;
  // The bound on |Delta| is huber T = 2.

  test('tb goes on along the tangent of Delta^2 at 2: 4 (|Delta| - 2) + 4', () => {
    // At 3: 4 * 1 + 4 = 8, not 9. At -7: 4 * 5 + 4 = 24, not 49. The slope stays 2 * 2 = 4.
    const at = (delta: number) => evaluate(tb, oneWalk(delta, length, huber));
    expectClose(at(3).loss, [8]);
    expectClose(at(3).policy, [4]);
    expectClose(at(3).dLogZ, [4]);
    expectClose(at(-7).loss, [24]);
    expectClose(at(-7).policy, [-4]);
  });

  test('ttb goes on along the tangent of r^2 at 0.5, r = Delta / T: |r| - 0.25', () => {
    // At Delta 6, r = 1.5: 2 * 0.5 * 1.5 - 0.25 = 1.25, not 2.25. d/dDelta = 2 * 0.5 / T = 0.25.
    const { loss, policy, backward, dLogZ } = evaluate(ttb, oneWalk(6, length, huber));
    expectClose(loss, [1.25]);
    expectClose(policy, [0.25]);
    expectClose(backward, [-0.25]);
    expectClose(dLogZ, [0.25]);
  });

  describe.each([
    ['tb', tb],
    ['ttb', ttb],
  ] as const)('%s', (_, objective) => {
    const at = (delta: number) => evaluate(objective, oneWalk(delta, length, huber));

    it.each([2, -2])('is continuous in value and slope at Delta = %i', (bound) => {
      const step = 1e-7;
      expect(at(bound + step).loss[0]).toBeCloseTo(at(bound - step).loss[0], 5);
      expect(at(bound + step).policy[0]).toBeCloseTo(at(bound - step).policy[0], 5);
    });

    it.each([-9, -2.5, -1, -0.01, 0.01, 1, 2.5, 9])('has the slope of its own loss at Delta = %d', (delta) => {
      const h = 1e-5;
      const slope = (at(delta + h).loss[0] - at(delta - h).loss[0]) / (2 * h);
      // The loss is quadratic or linear about these points: a central difference errs by rounding alone, eps / h.
      expect(at(delta).policy[0]).toBeCloseTo(slope, 8);
    });

    it('never zeroes a gradient', () => {
      expect(at(1e6).policy[0]).toBeGreaterThan(0);
      expect(at(-1e6).policy[0]).toBeLessThan(0);
    });
  });
});

test.each([
  ['tb', tb],
  ['ttb', ttb],
] as const)('descent by %s moves every term towards balance', (_, objective) => {
  // Too little flow out for the reward (Delta < 0): log Z and log P_F must rise and log P_B fall, and the other way round.
  for (const delta of [-1, 1]) {
    const { policy, backward, dLogZ } = evaluate(objective, oneWalk(delta, 3, 10));
    expect(Math.sign(policy[0])).toBe(Math.sign(delta));
    expect(Math.sign(backward[0])).toBe(-Math.sign(delta));
    expect(Math.sign(dLogZ[0])).toBe(Math.sign(delta));
  }
});

test.each([
  ['tb', tb],
  ['ttb', ttb],
  ['vargrad', vargrad],
] as const)('%s is zero, and so is its gradient, where every walk balances', (_, objective) => {
  // log Z = 2: 2 - 1.5 = 0.5 + 0, and 2 - 4 = -1 - 1.
  const { loss, policy, dLogZ } = evaluate(objective, {
    logZ: [2],
    walksPerTask: 2,
    huber: 1,
    walks: [
      { logPF: -1.5, logPB: 0, logTarget: 0.5, length: 1 },
      { logPF: -4, logPB: -1, logTarget: -1, length: 2 },
    ],
  });
  expectClose(loss, [0, 0]);
  expectClose(policy, [0, 0]);
  expectClose(dLogZ, [0]);
});
