/** The objectives by hand: loss, gradient in front of each step and of log Z, signs, and finite differences. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { db } from './db/db.ts';
import { flowrl } from './flowrl/flowrl.ts';
import { grpo } from './grpo/grpo.ts';
import type { Objective } from './objective.ts';
import { ppo } from './ppo/ppo.ts';
import { reinforce } from './reinforce/reinforce.ts';
import { sft } from './sft/sft.ts';
import { subtb } from './subtb/subtb.ts';
import { tb } from './tb/tb.ts';
import { ttb } from './ttb/ttb.ts';
import { ttbPaper } from './ttbPaper/ttbPaper.ts';
import { vargrad } from './vargrad/vargrad.ts';
import type { Batch, WalkValues } from './walks.fixture.ts';
import { evaluate } from './walks.fixture.ts';

const ALL = [ttb, ttbPaper, tb, vargrad, db, subtb, flowrl, reinforce, grpo, ppo, sft];

type Numbers = readonly number[] | readonly (readonly number[])[];
function expectClose(actual: Numbers, expected: Numbers): void {
  const [a, b] = [actual.flat(), expected.flat()];
  expect(a).toHaveLength(b.length);
  for (const [i, value] of b.entries()) expect(a[i]).toBeCloseTo(value, 12);
}

/** A walk of `length` equal steps whose sums are these. */
function walk(length: number, logPF: number, logPB: number, logTarget: number): WalkValues {
  const step = { logPF: logPF / length, logPB: logPB / length };
  return { steps: Array.from({ length }, () => step), logTarget };
}

/** The same number for every step of walks of these lengths. */
const along = (values: readonly number[], lengths: readonly number[]): number[][] =>
  values.map((value, w) => Array.from({ length: lengths[w] }, () => value));

const opposite = (values: readonly (readonly number[])[]): number[][] => values.map((row) => row.map((v) => -v));

describe('trajectory balance', () => {
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
  const lengths = [2, 4, 1, 3];
  const batch: Batch = {
    logZ: [1, 0],
    walksPerTask: 2,
    settings: { huber: 2 },
    walks: [walk(2, -3, -1, 0.5), walk(4, -2, -2, -1), walk(1, -0.5, 0, 0), walk(3, -1, -6, 2)],
  };

  test('tb: loss Delta^2, gradient 2 Delta / walks in front of every step, and their sum for log Z', () => {
    const { policy, backward, loss, logZ, dLogZ } = evaluate(tb, batch);
    expectClose(loss, [1.5 * 1.5, 2 * 2, 0.5 * 0.5, 3 * 3]); // 2.25, 4, 0.25, 9
    expectClose(policy, along([-0.75, 1, -0.25, 1.5], lengths)); // 2 Delta / 4
    expectClose(backward, opposite(policy));
    expectClose(dLogZ, [-0.75 + 1, -0.25 + 1.5]); // 0.25, 1.25
    expect(logZ).toEqual([1, 0]);
  });

  test.each([ttb, ttbPaper])('$name: loss (Delta / T)^2, gradient 2 Delta / (T^2 walks)', (objective) => {
    const { policy, backward, loss, logZ, dLogZ } = evaluate(objective, batch);
    expectClose(loss, [0.75 ** 2, 0.5 ** 2, 0.5 ** 2, 1]); // 0.5625, 0.25, 0.25, 1
    // -1.5 / (2 * 4), 2 / (2 * 16), -0.5 / (2 * 1), 3 / (2 * 9)
    expectClose(policy, along([-0.1875, 0.0625, -0.25, 1 / 6], lengths));
    expectClose(backward, opposite(policy));
    expectClose(dLogZ, [-0.125, -1 / 12]); // -0.1875 + 0.0625, -3/12 + 2/12
    expect(logZ).toEqual([1, 0]);
  });

  test("vargrad: tb with log Z the mean of the task's own walks, through which no gradient flows", () => {
    const { policy, backward, loss, logZ, dLogZ } = evaluate(vargrad, batch);
    // beta log R~ + log P_B - log P_F: 0.5 - 1 + 3 = 2.5, -1 - 2 + 2 = -1; 0 + 0 + 0.5 = 0.5, 2 - 6 + 1 = -3
    expectClose(logZ, [0.75, -1.25]);
    // Delta = log Z less that: 0.75 - 2.5, 0.75 + 1, -1.25 - 0.5, -1.25 + 3 = -1.75, 1.75, -1.75, 1.75, of which
    // the third walk's, of one edge, is within its bound of 2 too.
    expectClose(loss, [3.0625, 3.0625, 3.0625, 3.0625]); // 1.75^2
    expectClose(policy, along([-0.875, 0.875, -0.875, 0.875], lengths)); // 2 * 1.75 / 4
    expectClose(backward, opposite(policy));
    expectClose(dLogZ, [0, 0]);
  });

  test('vargrad does not care where the head puts log Z, and its loss is a variance', () => {
    expect(evaluate(vargrad, { ...batch, logZ: [100, -100] })).toEqual(evaluate(vargrad, batch));
    // Population variance of 2.5 and -1 about 0.75: 1.75^2.
    const { loss } = evaluate(vargrad, batch);
    expect((loss[0] + loss[1]) / 2).toBeCloseTo(((2.5 - -1) / 2) ** 2, 12);
  });

  /** One task, one walk of `length` edges whose Delta is `delta`. */
  const oneWalk = (delta: number, length: number, huber: number): Batch => ({
    logZ: [delta],
    walksPerTask: 1,
    settings: { huber },
    walks: [walk(length, 0, 0, 0)],
  });

  describe('beyond the bound, where |Delta / T| > huber', () => {
    const huber = 0.5;
    const length = 4;
    // The bound on |Delta| is huber T = 2.

    test('tb goes on along the tangent of Delta^2 at 2: 4 (|Delta| - 2) + 4', () => {
      // At 3: 4 * 1 + 4 = 8, not 9. At -7: 4 * 5 + 4 = 24, not 49. The slope stays 2 * 2 = 4.
      const at = (delta: number) => evaluate(tb, oneWalk(delta, length, huber));
      expectClose(at(3).loss, [8]);
      expectClose(at(3).policy, along([4], [length]));
      expectClose(at(3).dLogZ, [4]);
      expectClose(at(-7).loss, [24]);
      expectClose(at(-7).policy, along([-4], [length]));
    });

    test('ttb goes on along the tangent of r^2 at 0.5, r = Delta / T: |r| - 0.25', () => {
      // At Delta 6, r = 1.5: 2 * 0.5 * 1.5 - 0.25 = 1.25, not 2.25. d/dDelta = 2 * 0.5 / T = 0.25.
      const { loss, policy, backward, dLogZ } = evaluate(ttb, oneWalk(6, length, huber));
      expectClose(loss, [1.25]);
      expectClose(policy, along([0.25], [length]));
      expectClose(backward, along([-0.25], [length]));
      expectClose(dLogZ, [0.25]);
    });

    describe.each([tb, ttb])('$name', (objective) => {
      const at = (delta: number) => evaluate(objective, oneWalk(delta, length, huber));
      it.each([2, -2])('is continuous in value and slope at Delta = %i', (bound) => {
        const step = 1e-7;
        expect(at(bound + step).loss[0]).toBeCloseTo(at(bound - step).loss[0], 5);
        expect(at(bound + step).dLogZ[0]).toBeCloseTo(at(bound - step).dLogZ[0], 5);
      });
      it('never zeroes a gradient', () => {
        expect(at(1e6).dLogZ[0]).toBeGreaterThan(0);
        expect(at(-1e6).dLogZ[0]).toBeLessThan(0);
      });
    });
  });

  test.each([tb, ttb])('descent by $name moves every term towards balance', (objective) => {
    // Too little flow out for the reward (Delta < 0): log Z and log P_F must rise and log P_B fall, and the other way round.
    for (const delta of [-1, 1]) {
      const { policy, backward, dLogZ } = evaluate(objective, oneWalk(delta, 3, 10));
      for (const value of policy.flat()) expect(Math.sign(value)).toBe(Math.sign(delta));
      for (const value of backward.flat()) expect(Math.sign(value)).toBe(-Math.sign(delta));
      expect(Math.sign(dLogZ[0])).toBe(Math.sign(delta));
    }
  });
});

/**
 * One walk of three steps, log F 2, 1, 0.5 along it and beta log R~ = -1:
 *
 *     t    log P_F    log P_B    r_t = log F(s_t) + log P_F - log F(s_{t+1}) - log P_B
 *     0    -1         -0.5       2 - 1 - 1 + 0.5      =  0.5
 *     1    -0.25      -0.75      1 - 0.25 - 0.5 + 0.75 = 1
 *     2    -2          0         0.5 - 2 + 1 - 0      = -0.5
 */
const flowing: WalkValues = {
  logTarget: -1,
  steps: [
    { logPF: -1, logPB: -0.5, logF: 2 },
    { logPF: -0.25, logPB: -0.75, logF: 1 },
    { logPF: -2, logPB: 0, logF: 0.5 },
  ],
};

describe('detailed balance', () => {
  test('adds up the squares of the steps’ own residuals; log Z is log F of the first state', () => {
    const { loss, policy, backward, flow, logZ, dLogZ } = evaluate(db, {
      logZ: [9],
      walksPerTask: 1,
      walks: [flowing],
    });
    expectClose(loss, [0.25 + 1 + 0.25]);
    expectClose(policy, [[1, 2, -1]]); // 2 r_t
    expectClose(backward, [[-1, -2, 1]]);
    expectClose(flow, [[1, 2 - 1, -1 - 2]]); // 2 (r_t - r_{t-1})
    expectClose(logZ, [2]);
    expectClose(dLogZ, [0]);
  });

  test('goes on linearly where one residual is beyond huber', () => {
    const batch = { logZ: [0], walksPerTask: 1, walks: [flowing], settings: { huber: 0.75 } };
    const { loss, policy } = evaluate(db, batch);
    expectClose(loss, [0.25 + 0.75 * (2 - 0.75) + 0.25]);
    expectClose(policy, [[1, 1.5, -1]]);
  });
});

describe('subtrajectory balance', () => {
  test('weighs every stretch i..j by lambda^(j-i)', () => {
    // Residuals of stretches: 0.5, 1, -0.5 of one step; 1.5, 0.5 of two; 1 of three. lambda 1/2: weights 1/2, 1/4, 1/8
    // over 3/2 + 2/4 + 1/8 = 17/8.
    const batch = { logZ: [0], walksPerTask: 1, walks: [flowing], settings: { lambda: 0.5 } };
    const { loss, policy, flow } = evaluate(subtb, batch);
    const [a, b, c] = [4 / 17, 2 / 17, 1 / 17];
    expectClose(loss, [a * (0.25 + 1 + 0.25) + b * (1.5 ** 2 + 0.5 ** 2) + c * 1]);
    // Step t is in every stretch from i <= t to j > t.
    expectClose(policy, [
      [2 * (a * 0.5 + b * 1.5 + c * 1), 2 * (a * 1 + b * (1.5 + 0.5) + c * 1), 2 * (a * -0.5 + b * 0.5 + c * 1)],
    ]);
    // log F(s_t) begins stretches and ends them.
    expectClose(flow, [
      [2 * (a * 0.5 + b * 1.5 + c * 1), 2 * (a * 1 + b * 0.5 - a * 0.5), 2 * (a * -0.5 - a * 1 - b * 1.5)],
    ]);
  });

  test('is detailed balance divided by its length where lambda is 0, and close to tb where it is large', () => {
    const walks = [flowing];
    const tiny = evaluate(subtb, { logZ: [0], walksPerTask: 1, walks, settings: { lambda: 1e-9 } });
    const ofDb = evaluate(db, { logZ: [0], walksPerTask: 1, walks });
    expect(tiny.loss[0]).toBeCloseTo(ofDb.loss[0] / 3, 6);
  });
});

/** Two walks of a task with rewards 1 and 0: mean 1/2, standard deviation 1/2, advantages 1 and -1. */
const rewarded: Batch = {
  logZ: [0.5],
  walksPerTask: 2,
  walks: [
    {
      reward: 1,
      solved: true,
      steps: [
        { logPF: -1, entropy: 0.6, logUniform: -Math.log(2) },
        { logPF: -0.5, entropy: 0.4, logUniform: -Math.log(4) },
      ],
    },
    { reward: 0, steps: [{ logPF: -2, entropy: 0.3, logUniform: -Math.log(2) }] },
  ],
};

describe('reward maximisation', () => {
  test('reinforce: -(R - b) sum log P_F - eta sum H', () => {
    const { loss, policy, entropy, dLogZ } = evaluate(reinforce, { ...rewarded, settings: { entropyBonus: 0.1 } });
    expectClose(loss, [-0.5 * -1.5 - 0.1, 0.5 * -2 - 0.03]);
    expectClose(policy, [[-0.25, -0.25], [0.25]]); // -(R - 1/2) / 2 walks
    expectClose(entropy, [[-0.05, -0.05], [-0.05]]);
    expectClose(dLogZ, [0]);
  });

  test('reinforce weighs a walk that was sampled with exploration, at most by 2', () => {
    const [first, second] = rewarded.walks;
    const sampled = (off: number): Batch => ({
      ...rewarded,
      walks: [{ ...first, steps: first.steps.map((s) => ({ ...s, behaviour: s.logPF - off })) }, second],
    });
    // (P_F / behaviour) of the walk: exp(2 * 0.1), and exp(2 * 5) cut to 2.
    expectClose(evaluate(reinforce, sampled(0.1)).policy, [[-0.25 * Math.exp(0.2), -0.25 * Math.exp(0.2)], [0.25]]);
    expectClose(evaluate(reinforce, sampled(5)).policy, [[-0.5, -0.5], [0.25]]);
  });

  test('grpo: the group’s advantage over the length, where the ratio is 1', () => {
    const { loss, policy, entropy } = evaluate(grpo, { ...rewarded, settings: { klWeight: 0 } });
    expectClose(loss, [-1, 1]);
    expectClose(policy, [[-0.25, -0.25], [0.5]]); // -A / (T walks)
    expectClose(entropy, [[0, 0], [0]]);
  });

  test('grpo leaves a step alone whose ratio has gone beyond the clip in the direction of its advantage, and only there', () => {
    const at = (advantage: 1 | -1, ratio: number) => {
      const reward = advantage === 1 ? 1 : 0;
      const { policy } = evaluate(grpo, {
        logZ: [0],
        walksPerTask: 2,
        walks: [
          { reward, steps: [{ logPF: -1, behaviour: -1 - Math.log(ratio) }] },
          { reward: 1 - reward, steps: [{ logPF: -1 }] },
        ],
      });
      return policy[0][0];
    };
    expect(at(1, 1.1)).toBeCloseTo(-1.1 / 2, 12);
    expect(Math.abs(at(1, 1.3))).toBe(0);
    expect(at(1, 0.7)).toBeCloseTo(-0.7 / 2, 12);
    expect(Math.abs(at(-1, 0.7))).toBe(0);
    expect(at(-1, 1.3)).toBeCloseTo(1.3 / 2, 12);
  });

  test('grpo: k3 of the reference is 0 at it and pulls towards it', () => {
    const kl = (logPF: number) =>
      evaluate(grpo, {
        logZ: [0],
        walksPerTask: 2,
        settings: { klWeight: 1 },
        walks: [1, 1].map((reward) => ({ reward, steps: [{ logPF, logUniform: -1 }] })),
      });
    expectClose(kl(-1).loss, [0, 0]);
    // d = log P_ref - log P_F = 1: e - 1 - 1, slope 1 - e, over two walks.
    expectClose(kl(-2).loss, [Math.E - 2, Math.E - 2]);
    expectClose(kl(-2).policy, [[(1 - Math.E) / 2], [(1 - Math.E) / 2]]);
  });

  test.each([grpo, ppo])(
    '$name stays finite in float32 on an action that the policy has all but given up',
    (objective) => {
      const walks = rewarded.walks.map((one) => ({
        ...one,
        steps: [{ logPF: -140, behaviour: -200, logUniform: -1 }],
      }));
      const { loss, policy } = evaluate(objective, { ...rewarded, walks, settings: { klWeight: 0 } }, Float32Array);
      for (const value of [...loss, ...policy.flat()]) expect(Number.isFinite(value)).toBe(true);
    },
  );

  test.each([grpo, flowrl])('$name has no direction where all rewards of a task are equal', (objective) => {
    const walks = rewarded.walks.map((one) => ({ ...one, reward: 0.1 }));
    const { policy } = evaluate(objective, { ...rewarded, walks, settings: { flowBeta: 0 } }, Float32Array);
    const neutral = evaluate(objective, { ...rewarded, walks, settings: { flowBeta: 100 } }, Float32Array);
    expect(neutral.policy).toEqual(policy);
  });

  test('ppo: generalised advantages from values at the time of sampling, and the regression of the values', () => {
    // V = 0.25, 0.5; R = 1, lambda 1/2: delta_1 = 1 - 0.5 = 0.5 = A_1; delta_0 = 0.5 - 0.25, A_0 = 0.25 + 0.5 * 0.5 = 0.5.
    const steps = [
      { logPF: -1, logF: 0.25, entropy: 0.6 },
      { logPF: -0.5, logF: 0.5, entropy: 0.4 },
    ];
    const batch = { logZ: [0], walksPerTask: 1, walks: [{ reward: 1, steps }], settings: { lambda: 0.5 } };
    const { loss, policy, flow } = evaluate(ppo, { ...batch, settings: { ...batch.settings, entropyBonus: 0.1 } });
    expectClose(policy, [[-0.5, -0.5]]);
    expectClose(flow, [[-0.5, -0.5]]); // V - (V + A)
    expectClose(loss, [-0.5 - 0.5 + 0.125 + 0.125 - 0.1]);
    // Later updates of the batch: the head has moved, the advantages have not.
    const moved = steps.map((step) => ({ ...step, firstLogF: step.logF, logF: step.logF + 0.5 }));
    const later = evaluate(ppo, { ...batch, walks: [{ reward: 1, steps: moved }] });
    expectClose(later.policy, policy);
    expectClose(later.flow, [[0, 0]]);
  });

  test('flowrl: (log Z + mean log P_F - mean log P_ref - beta r^)^2', () => {
    const batch = { ...rewarded, settings: { flowBeta: 0.25, huber: 100 } };
    const { loss, policy, backward, dLogZ } = evaluate(flowrl, batch);
    // 0.5 - 0.75 + (log 2 + log 4) / 2 - 0.25, and 0.5 - 2 + log 2 + 0.25.
    const r = [-0.5 + 1.5 * Math.log(2), -1.25 + Math.log(2)];
    expectClose(loss, [r[0] ** 2, r[1] ** 2]);
    expectClose(policy, [[r[0] / 2, r[0] / 2], [r[1]]]); // 2 r / (T walks)
    expectClose(backward, [[0, 0], [0]]);
    expectClose(dLogZ, [r[0] + r[1]]);
  });

  test('flowrl clips the importance ratio of a walk, through which no gradient flows', () => {
    const ratioOf = (off: number) => {
      const walks = rewarded.walks.map((one) => ({
        ...one,
        steps: one.steps.map((s, t) => ({ ...s, behaviour: s.logPF - (t === 0 ? off : 0) })),
      }));
      return evaluate(flowrl, { ...rewarded, walks }).loss[0] / evaluate(flowrl, rewarded).loss[0];
    };
    expect(ratioOf(0.1)).toBeCloseTo(Math.exp(0.1), 12);
    expect(ratioOf(3)).toBeCloseTo(1.2, 12);
    expect(ratioOf(-3)).toBeCloseTo(0.8, 12);
  });

  test.each([reinforce, grpo, ppo, flowrl])(
    'descent by $name makes the better walk likelier and the worse less so',
    (objective) => {
      const { policy } = evaluate(objective, rewarded);
      for (const value of policy[0]) expect(value).toBeLessThan(0);
      if (objective !== ppo) for (const value of policy[1]) expect(value).toBeGreaterThan(0);
    },
  );
});

test('sft: likelihood of the solved walks alone', () => {
  const { loss, policy, backward } = evaluate(sft, rewarded);
  expectClose(loss, [1.5, 0]);
  expectClose(policy, [[-0.5, -0.5], [-0]]);
  expectClose(backward, [[0, 0], [0]]);
});

describe('balance', () => {
  // log Z = 2 = log F(s_0): 2 - 1.5 = 0.5 + 0, and 2 - 4 = -1 - 1 by way of log F = -1.
  const balanced: Batch = {
    logZ: [2],
    walksPerTask: 2,
    walks: [
      { logTarget: 0.5, steps: [{ logPF: -1.5, logPB: 0, logF: 2 }] },
      {
        logTarget: -1,
        steps: [
          { logPF: -3.5, logPB: -0.5, logF: 2 },
          { logPF: -0.5, logPB: -0.5, logF: -1 },
        ],
      },
    ],
  };
  test.each([tb, ttb, ttbPaper, vargrad, db, subtb])(
    '$name is zero, and so is its gradient, where every walk balances',
    (objective) => {
      const { loss, policy, backward, flow, dLogZ } = evaluate(objective, balanced);
      expectClose(loss, [0, 0]);
      for (const part of [policy, backward, flow]) expectClose(part, [[0], [0, 0]]);
      expectClose(dLogZ, [0]);
    },
  );
});

describe('the gradient is that of the mean loss, by central differences', () => {
  const number = fc.double({ min: -2, max: 0, noNaN: true });
  const step = fc.record({
    logPF: number,
    logPB: number,
    logF: fc.double({ min: -2, max: 2, noNaN: true }),
    entropy: fc.double({ min: 0, max: 1, noNaN: true }),
    logUniform: number,
    behaviour: number,
    firstLogF: number,
  });
  const someWalk = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    logTarget: fc.double({ min: -3, max: 1, noNaN: true }),
    reward: fc.double({ min: 0, max: 1, noNaN: true }),
    solved: fc.boolean(),
  });
  const batches = fc.record({
    walks: fc.array(someWalk, { minLength: 4, maxLength: 4 }),
    logZ: fc.array(number, { minLength: 2, maxLength: 2 }),
  });
  // Away from where a loss is not differentiable: a huber bound or a clip that is met exactly has measure zero.
  const settings = { entropyBonus: 0.3, klWeight: 0.2, huber: 1.1, flowBeta: 2 };
  const meanLoss = (objective: Objective, batch: Batch) =>
    evaluate(objective, batch).loss.reduce((sum, value) => sum + value, 0) / batch.walks.length;
  /** What no gradient flows through: VarGrad's log Z, and the weights of reinforce and flowrl. */
  const stopped: readonly Objective[] = [vargrad, reinforce, flowrl];

  test.each(ALL.filter((objective) => !stopped.includes(objective)))('$name', (objective) => {
    fc.assert(
      fc.property(batches, fc.nat({ max: 3 }), fc.nat({ max: 3 }), ({ walks, logZ }, w, at) => {
        const batch: Batch = { walks, logZ, walksPerTask: 2, settings };
        const t = at % walks[w].steps.length;
        const h = 1e-6;
        const moved = (field: 'logPF' | 'logPB' | 'logF' | 'entropy', by: number): Batch => ({
          ...batch,
          walks: walks.map((one, i) =>
            i !== w
              ? one
              : { ...one, steps: one.steps.map((s, k) => (k === t ? { ...s, [field]: s[field] + by } : s)) },
          ),
        });
        const exact = evaluate(objective, batch);
        const columns = { logPF: exact.policy, logPB: exact.backward, logF: exact.flow, entropy: exact.entropy };
        for (const [field, column] of Object.entries(columns)) {
          const name = field as keyof typeof columns;
          const above = meanLoss(objective, moved(name, h));
          const below = meanLoss(objective, moved(name, -h));
          const kink = Math.abs(above + below - 2 * meanLoss(objective, batch)) > 1e-9;
          if (!kink) expect(column[w][t]).toBeCloseTo((above - below) / (2 * h), 5);
        }
        const shifted = (by: number): Batch => ({ ...batch, logZ: [logZ[0] + by, logZ[1]] });
        const slope = (meanLoss(objective, shifted(h)) - meanLoss(objective, shifted(-h))) / (2 * h);
        expect(exact.dLogZ[0]).toBeCloseTo(slope, 5);
      }),
      { numRuns: 60 },
    );
  });
});
