import { describe, expect, test } from 'vitest';
import { exactFlows, logTargets, maxentLogPB, targetDistribution, uniformLogPB } from '../../graph/exact.ts';
import { isTree } from '../../graph/taskGraph.ts';
import { hypergrid } from './index.ts';
import { inBand, inRing, tierOf, topReward } from './reward.ts';

const cells = (height: number): number[] => Array.from({ length: height }, (_, x) => x);
const compile = (given: object, seed = 0) =>
  hypergrid.task(hypergrid.settings.parse(given), seed, 'train', 0).compile();

describe('ring and band', () => {
  /**
   * Worked out by hand from x/(H-1). The band is 0.3 < |u - 0.5| < 0.4, so u in (0.1, 0.2) or (0.8, 0.9);
   * at these heights multiples of 1/(H-1) fall on the borders, which do not count.
   */
  test.each([
    { height: 6, band: [], ring: [0, 1, 4, 5] }, // u = 0, .2, .4, .6, .8, 1
    { height: 8, band: [1, 6], ring: [0, 1, 6, 7] }, // 1/7 = .143
    { height: 11, band: [], ring: [0, 1, 2, 8, 9, 10] }, // u = 0, .1, .2, .3, ...
    { height: 16, band: [2, 13], ring: [0, 1, 2, 3, 12, 13, 14, 15] }, // 2/15 = .133, 3/15 = .2
    { height: 21, band: [3, 17], ring: [0, 1, 2, 3, 4, 16, 17, 18, 19, 20] }, // 3/20 = .15; 2/20, 4/20 are borders
  ])('at height $height are the cells that fractions give', ({ height, band, ring }) => {
    expect(cells(height).filter((x) => inBand(x, height))).toEqual(band);
    expect(cells(height).filter((x) => inRing(x, height))).toEqual(ring);
  });

  test.each([6, 11, 16, 21])('in floating point the band at height %d is another', (height) => {
    const floating = (x: number): boolean => {
      const distance = Math.abs(x / (height - 1) - 0.5);
      return 0.3 < distance && distance < 0.4;
    };
    expect(cells(height).filter(floating)).not.toEqual(cells(height).filter((x) => inBand(x, height)));
  });

  test('are symmetric, and the band lies within the ring, at every height', () => {
    for (let height = 2; height <= 128; height++) {
      for (const x of cells(height)) {
        expect(inRing(x, height)).toBe(inRing(height - 1 - x, height));
        expect(inBand(x, height)).toBe(inBand(height - 1 - x, height));
        if (inBand(x, height)) expect(inRing(x, height)).toBe(true);
      }
    }
  });

  test('need every coordinate', () => {
    expect(tierOf([1, 6], 8)).toBe('band');
    expect(tierOf([1, 7], 8)).toBe('ring');
    expect(tierOf([1, 3], 8)).toBe('none');
  });

  test('give the top reward that exists: without a band it is that of the ring', () => {
    const rewards = { none: 0.1, ring: 0.6, band: 2.6 };
    expect(topReward(8, rewards)).toBe(2.6);
    expect(topReward(6, rewards)).toBe(0.6);
  });
});

describe('the 8 x 8 grid of the defaults', () => {
  const graph = compile({});

  test('has a state and an outcome a cell, and stopping is possible everywhere', () => {
    expect(graph.states).toBe(64);
    expect(graph.outcomes).toBe(64);
    // Raising: 7 * 8 in each of two dimensions; stopping: 64.
    expect(graph.edges).toBe(2 * 56 + 64);
    expect(graph.horizon).toBe(15);
    expect(isTree(graph)).toBe(false);
  });

  test('has log Z = log 22.4: 4 cells at 2.6, 12 at 0.6, 48 at 0.1', () => {
    const logTarget = logTargets(graph, hypergrid.beta, hypergrid.eps);
    expect(targetDistribution(logTarget).logZ).toBeCloseTo(Math.log(4 * 2.6 + 12 * 0.6 + 48 * 0.1), 12);
    for (const logPB of [uniformLogPB(graph), maxentLogPB(graph)]) {
      expect(exactFlows(graph, logTarget, logPB).logZ).toBeCloseTo(Math.log(22.4), 9);
    }
  });

  test('is solved in the four cells of the band', () => {
    const solved = graph.nodeText.slice(graph.states).filter((_, x) => graph.solved[x] === 1);
    expect(solved.sort()).toEqual(['stop at (1, 1)', 'stop at (1, 6)', 'stop at (6, 1)', 'stop at (6, 6)']);
  });

  test('reads a state as one text a coordinate', () => {
    const node = graph.nodeText.indexOf('at (3, 5)');
    const items = Array.from(
      graph.item.slice(graph.itemStart[node], graph.itemStart[node + 1]),
      (i) => graph.itemText[i],
    );
    expect(items.sort()).toEqual(['x1 = 3', 'x2 = 5']);
    expect(graph.step[node]).toBe(8);
  });
});

describe('settings', () => {
  test('any dimensions and height within the limit are enumerated', () => {
    const graph = compile({ dimensions: 4, height: 5 });
    expect(graph.states).toBe(625);
    expect(graph.edges).toBe(4 * 4 * 125 + 625);
    expect(compile({ dimensions: 1, height: 2 }).outcomes).toBe(2);
  });

  test('a grid too large to enumerate is refused at height, with its size', () => {
    const result = hypergrid.settings.safeParse({ dimensions: 6, height: 20 });
    expect(result.error?.issues[0].path).toEqual(['height']);
    expect(result.error?.issues[0].message).toMatch(/64000000 states; at most 200000/);
  });

  test('unknown fields and heights that are no grid are refused', () => {
    expect(hypergrid.settings.safeParse({ hight: 8 }).success).toBe(false);
    expect(hypergrid.settings.safeParse({ height: 1 }).success).toBe(false);
  });

  test('every seed, split and index is the one grid', () => {
    const of = hypergrid.settings.parse({});
    const one = hypergrid.task(of, 0, 'train', 0);
    const other = hypergrid.task(of, 7, 'heldOut', 3);
    expect(other.text).toBe(one.text);
    expect(other.compile().reward).toEqual(one.compile().reward);
  });
});
