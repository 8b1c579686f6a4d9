import { defineKernel } from '../../gpu/kernel.ts';
import { pcg } from '../../supervisor/parameters.ts';
import { COUNT, NONE } from '../../supervisor/plan.ts';
import wgsl from './recallWalks.wgsl?raw';

/** How many stored walks are drawn where the best rewarded of them is taken. */
export const TOURNAMENT = 4;
/** Keeps the draws apart from those of the sampler, which counts from 0. */
export const RECALL_DRAW = 0x40000000;

/**
 * The last `recalled` walks of each task repeat walks that the task's buffer holds, as soon as it holds any; the others
 * are left to the sampler. `edges` `[tasks, capacity, maxSteps]`, `rewards` `[tasks, capacity]`, `counts` `[tasks]` how
 * many were ever stored, `given` `[walks, maxSteps]`, `replayed` `[walks]` 1 or 0. Of `draws` stored walks, drawn with
 * replacement, the one of largest reward is taken, the first among equals.
 */
export const recallWalks = defineKernel({
  name: 'recallWalks',
  about: 'Takes some of the walks from the replay buffer',
  wgsl,
  bindings: {
    plan: 'read u32',
    edges: 'read u32',
    rewards: 'read f32',
    counts: 'read u32',
    given: 'write u32',
    replayed: 'write u32',
  },
  params: {
    batchTask: 'u32',
    walksPerTask: 'u32',
    maxSteps: 'u32',
    capacity: 'u32',
    recalled: 'u32',
    draws: 'u32',
  },
  twin({ plan, edges, rewards, counts, given, replayed }, p) {
    const key = pcg((pcg(plan[COUNT.seed]) ^ plan[COUNT.step]) >>> 0);
    const uniform = (walk: number, draw: number) =>
      (pcg((pcg((key ^ walk) >>> 0) ^ (RECALL_DRAW + draw)) >>> 0) >>> 8) / 16777216;
    for (let w = 0; w < plan[COUNT.walks]; w++) {
      const task = plan[p.batchTask + 2 * Math.floor(w / p.walksPerTask)];
      const held = Math.min(counts[task], p.capacity);
      const recall = held > 0 && (w % p.walksPerTask) + p.recalled >= p.walksPerTask;
      replayed[w] = recall ? 1 : 0;
      let from = 0;
      for (let draw = 0; recall && draw < p.draws; draw++) {
        const row = task * p.capacity + Math.min(Math.floor(uniform(w, draw) * held), held - 1);
        if (draw === 0 || rewards[row] > rewards[from]) from = row;
      }
      for (let t = 0; t < p.maxSteps; t++) given[w * p.maxSteps + t] = recall ? edges[from * p.maxSteps + t] : NONE;
    }
  },
});
