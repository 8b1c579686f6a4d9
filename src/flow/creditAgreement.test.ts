import { describe, expect, test } from 'vitest';
import { evaluatePolicy, exactFlows, logTargets, normaliseForward, uniformLogPB } from '../graph/exact.ts';
import { diamond } from '../worlds/diamond/index.ts';
import { hypergrid } from '../worlds/hypergrid/index.ts';
import { randomSource } from '../worlds/random.ts';
import type { BalancedPolicy, StepCredit } from './credit.ts';
import { exactTrajectoryCredit, trajectoryCredit } from './credit.ts';
import { creditAgreements, flowAgreement, hitAtOne, meanAgreements } from './creditAgreement.ts';
import { sampleTrajectory } from './sampleTrajectory.ts';
import { spearman } from './statistics.ts';

const graph = hypergrid.task(hypergrid.settings.parse({}), 0, 'train', 0).compile();
const logTarget = logTargets(graph, 1, 0);
const logPB = uniformLogPB(graph);
const exact = exactFlows(graph, logTarget, logPB);
const agree = (policy: BalancedPolicy, key = 1, samples = 256) =>
  flowAgreement(creditAgreements(graph, policy, exact, logTarget, null, randomSource(key), samples));

describe('agreement of learned with exact credit', () => {
  test('is perfect for the exact policy', () => {
    const { spearman, hitAtOne: hit, compared } = agree({ ...exact, logPB });
    expect(spearman).toBeCloseTo(1, 9);
    expect(hit).toBeCloseTo(1, 9);
    expect(compared).toBeGreaterThan(100);
    expect(compared).toBeLessThan(256);
  });

  test('does not see a wrong log Z in rho, which compares steps of one trajectory', () => {
    expect(agree({ ...exact, logPB, logZ: exact.logZ + 3 }).spearman).toBeCloseTo(1, 9);
  });

  test('is negative where credit is turned upside down', () => {
    // A log P_B (of no distribution) that makes log P_F - log P_B the exact credit with its sign changed.
    const opposite = logPB.map((value, e) => 2 * exact.logPF[e] - value);
    expect(agree({ ...exact, logPB: opposite }).spearman).toBeCloseTo(-1, 9);
  });

  test('fades as the policy is disturbed', () => {
    const random = randomSource(9);
    const noise = Float64Array.from({ length: graph.edges }, () => random.next() - 0.5);
    const disturbed = [0.1, 1, 8].map((scale) => {
      const logPF = normaliseForward(
        graph,
        exact.logPF.map((value, e) => value + scale * noise[e]),
      );
      return agree({ logPF, logPB, logZ: exact.logZ }).spearman ?? Number.NaN;
    });
    expect(disturbed[0]).toBeGreaterThan(0.9);
    expect(disturbed[1]).toBeLessThan(disturbed[0]);
    expect(disturbed[2]).toBeLessThan(disturbed[1]);
  });

  test('is the mean over trajectories of what their own credits, residual and all, give', () => {
    const random = randomSource(9);
    const logPF = normaliseForward(
      graph,
      exact.logPF.map((value) => value + random.next()),
    );
    const policy = { logPF, logPB, logZ: exact.logZ + 2 };
    const result = agree(policy, 7, 40);
    const walks = randomSource(7);
    const trajectories = Array.from({ length: 40 }, () => sampleTrajectory(graph, logPF, walks, 0.2));
    const compared = trajectories.filter((trajectory) => trajectory.length >= 3);
    const mean = (of: (learned: StepCredit, truth: StepCredit) => number | null): number =>
      compared.reduce((sum, trajectory) => {
        const learned = trajectoryCredit(graph, trajectory, policy, logTarget);
        return sum + (of(learned, exactTrajectoryCredit(graph, trajectory, exact)) ?? Number.NaN) / compared.length;
      }, 0);
    expect(result.compared).toBe(compared.length);
    expect(result.spearman).toBeCloseTo(
      mean((learned, truth) => spearman(learned.credit, truth.credit, 1e-9)),
      9,
    );
    expect(result.hitAtOne).toBeCloseTo(
      mean((learned, truth) => hitAtOne(learned.centred, truth.centred)),
      9,
    );
    expect(result.hitAtOne).toBeLessThan(1);
  });

  test('is measured off the policy too: one that always stops at once is still seen on longer walks', () => {
    const stops = Float64Array.from(graph.source, (_, e) => (graph.target[e] >= graph.states ? 50 : 0));
    const { compared } = agree({ logPF: normaliseForward(graph, stops), logPB, logZ: 0 });
    // Two uniform choices that raise a coordinate, (0.2 * 2/3)^2 = 1.8% of 256 walks.
    expect(compared).toBeGreaterThan(0);
    expect(compared).toBeLessThan(20);
  });

  test('is the same for the same key', () => {
    const random = randomSource(9);
    const logPF = normaliseForward(
      graph,
      exact.logPF.map((value) => value + random.next()),
    );
    const policy = { logPF, logPB, logZ: exact.logZ };
    expect(agree(policy, 5, 32)).toEqual(agree(policy, 5, 32));
    expect(agree(policy, 6, 32).spearman).not.toBe(agree(policy, 5, 32).spearman);
  });

  test('of a learned credit that is one number for every step is 0', () => {
    // log P_F - log P_B = 0 along every edge of the diamond but for "poor answer": no order among three steps.
    const small = diamond.task({}, 0, 'train', 0).compile();
    const target = logTargets(small, 1, 0);
    const pb = uniformLogPB(small);
    const zero = { logPF: pb, logPB: pb, logZ: 0 };
    const flows = exactFlows(small, target, pb);
    expect(flowAgreement(creditAgreements(small, zero, flows, target, null, randomSource(1))).spearman).toBe(0);
  });

  test('does not exist where no trajectory has three steps', () => {
    const flat = hypergrid.task(hypergrid.settings.parse({ dimensions: 1, height: 2 }), 0, 'train', 0).compile();
    const target = logTargets(flat, 1, 0);
    const flows = exactFlows(flat, target, uniformLogPB(flat));
    const policy = { ...flows, logPB: uniformLogPB(flat) };
    const result = flowAgreement(creditAgreements(flat, policy, flows, target, null, randomSource(1)));
    expect(result).toEqual({ spearman: null, hitAtOne: null, compared: 0 });
  });
});

describe('credits beside each other', () => {
  const random = randomSource(3);
  const logPF = normaliseForward(
    graph,
    exact.logPF.map((value) => value + random.next()),
  );
  const policy = { logPF, logPB, logZ: exact.logZ };
  const value = evaluatePolicy(graph, logPF).value.subarray(0, graph.states);
  const rows = creditAgreements(graph, policy, exact, logTarget, Float64Array.from(value), randomSource(4), 256);
  const find = (credit: string, against: string) => {
    const row = rows.find((one) => one.credit === credit && one.against === against);
    return { spearman: row?.spearman ?? Number.NaN, hitAtOne: row?.hitAtOne ?? Number.NaN };
  };

  test('a value head that is right gives the exact advantage', () => {
    expect(find('head', 'advantage').spearman).toBeCloseTo(1, 9);
    expect(find('head', 'advantage').hitAtOne).toBeCloseTo(1, 9);
  });

  test("GRPO's one number a trajectory orders no steps: rho 0, and hits by chance", () => {
    expect(find('group', 'advantage').spearman).toBe(0);
    expect(find('group', 'exactFlow').spearman).toBe(0);
    // 1 / T at T steps, of which there are 3 to 15.
    expect(find('group', 'advantage').hitAtOne).toBeGreaterThan(1 / 15);
    expect(find('group', 'advantage').hitAtOne).toBeLessThan(1 / 2);
  });

  test('a random credit agrees with nothing', () => {
    // Of 200 trajectories and more, each with a rho of variance 1 / (T - 1) <= 1/2: five deviations of the mean.
    for (const against of ['exactFlow', 'exactCentred', 'advantage']) {
      expect(Math.abs(find('random', against).spearman)).toBeLessThan(5 * Math.sqrt(1 / 2 / 200));
    }
  });

  test('values from the same trajectories see more of the advantage than chance does', () => {
    expect(find('value', 'advantage').spearman).toBeGreaterThan(find('random', 'advantage').spearman);
  });

  test('there is no row of a value head where nothing learns one', () => {
    const without = creditAgreements(graph, policy, exact, logTarget, null, randomSource(4), 16);
    expect(without.map(({ credit }) => credit)).not.toContain('head');
    expect(without).toHaveLength(15);
  });

  test('their mean over tasks leaves out tasks where they do not exist', () => {
    const none = rows.map((row) => ({ ...row, spearman: null, hitAtOne: null }));
    expect(meanAgreements([rows, none])).toEqual(meanAgreements([rows]));
    expect(meanAgreements([none])[0].spearman).toBeNull();
  });
});

describe('hit@1', () => {
  const steps = (...values: number[]): Float64Array => Float64Array.from(values);

  test('is whether the largest magnitude is at the decisive step', () => {
    expect(hitAtOne(steps(0.1, -5, 1), steps(0, 2, -1))).toBe(1);
    expect(hitAtOne(steps(0.1, 1, 5), steps(0, 2, -1))).toBe(0);
  });

  test('counts ties fractionally: one number for every step hits by chance', () => {
    expect(hitAtOne(steps(1, 1, 1, 1), steps(0, 2, -1, 0))).toBe(1 / 4);
    expect(hitAtOne(steps(3, -3, 1), steps(0, 2, -1))).toBe(1 / 2);
    expect(hitAtOne(steps(3, 1, 1), steps(2, -2, 1))).toBe(1);
  });

  test('does not exist where no step is decisive', () => {
    expect(hitAtOne(steps(3, 1, 1), steps(0, 0, 0))).toBeNull();
  });
});
