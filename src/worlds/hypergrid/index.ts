/**
 * Hypergrid, the standard calibration of the field (Flow Network based Generative Models, 2106.04399, section 4.1):
 *
 *     R(x) = R0 + R1 prod_i 1[0.25 < |x_i/(H-1) - 0.5|] + R2 prod_i 1[0.3 < |x_i/(H-1) - 0.5| < 0.4]
 *
 * From the origin each step raises one coordinate or stops; stopping is possible everywhere. A grid is one task:
 * seed, split and index do not change it, so figures on validation or held-out grids are figures on the same grid.
 */
import { z } from 'zod';
import { buildGraph, DEFAULT_LIMITS } from '../../graph/buildGraph.ts';
import type { Action, World } from '../../graph/world.ts';
import type { Suite } from '../suite.ts';
import { tierOf, topReward } from './reward.ts';

const STOP: Action = { kind: 'accept', text: 'stop' };

const settings = z
  .strictObject({
    dimensions: z.int().min(1).max(16).default(2),
    height: z.int().min(2).max(512).default(8),
    R0: z.number().min(0).max(1e6).default(0.1),
    R1: z.number().min(0).max(1e6).default(0.5),
    R2: z.number().min(0).max(1e6).default(2),
  })
  .superRefine(({ dimensions, height }, context) => {
    const states = height ** dimensions;
    if (states <= DEFAULT_LIMITS.maxStates) return;
    context.addIssue({
      code: 'custom',
      path: ['height'],
      message:
        `a grid of ${dimensions} dimensions and height ${height} has ${states} states; at most ` +
        `${DEFAULT_LIMITS.maxStates} are enumerated: lower height or dimensions`,
    });
  });

export type HypergridSettings = z.output<typeof settings>;

export const hypergrid: Suite<HypergridSettings> = {
  name: 'hypergrid',
  summary: 'A grid with a reward peak near every corner: the calibration task of flow networks',
  settings,
  beta: 1,
  eps: 0,
  skills: false,
  live: false,
  task(of, _seed, split, index) {
    const text = `Walk a grid of ${of.dimensions} dimensions and height ${of.height}, and stop where the reward is high.`;
    return {
      suite: 'hypergrid',
      split,
      index,
      text,
      compile: ({ limits } = {}) => buildGraph('hypergrid', text, hypergridWorld(of), limits),
    };
  },
};

/** The grid as a world; a state is its coordinates. */
export function hypergridWorld(of: HypergridSettings): World<readonly number[]> {
  const raise = Array.from({ length: of.dimensions }, (_, i): Action => ({ kind: 'act', text: `raise x${i + 1}` }));
  const rewards = { none: of.R0, ring: of.R0 + of.R1, band: of.R0 + of.R1 + of.R2 };
  const top = topReward(of.height, rewards);
  const name = (x: readonly number[]): string => `(${x.join(', ')})`;
  const items = (x: readonly number[]): string[] => x.map((value, i) => `x${i + 1} = ${value}`);
  return {
    initial: () => new Array<number>(of.dimensions).fill(0),
    actions: (x) => [...raise.filter((_, i) => x[i] < of.height - 1), STOP],
    step(x, action) {
      const raised = raise.indexOf(action);
      if (raised >= 0) return { state: x.map((value, i) => (i === raised ? value + 1 : value)) };
      const reward = rewards[tierOf(x, of.height)];
      const outcome = { key: name(x), text: `stop at ${name(x)}`, items: [...items(x), STOP.text] };
      return { outcome: { ...outcome, reward, solved: reward === top } };
    },
    key: name,
    items,
    stepOf: (x) => x.reduce((sum, value) => sum + value, 0),
    describe: (x) => `at ${name(x)}`,
  };
}
