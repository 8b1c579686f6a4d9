import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT } from '../../supervisor/plan.ts';
import wgsl from './walkSums.wgsl?raw';

/** Numbers per walk, and what they are. */
export const SUMS_STRIDE = 8;
export const SUMS = { logPF: 0, logPB: 1, logTarget: 2, length: 3, reward: 4, solved: 5 } as const;

/** Sums along each walk, `[walks, 8]`: what every balance objective is made of. */
export const walkSums = defineKernel({
  name: 'walkSums',
  about: 'Sums log P_F and log P_B along each walk',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    logPF: 'read f32',
    logPB: 'read f32',
    sums: 'write f32',
  },
  params: {
    edgeTarget: 'u32',
    fixedLogPB: 'u32',
    logTarget: 'u32',
    reward: 'u32',
    solved: 'u32',
    walkLength: 'u32',
    walkEdge: 'u32',
    walkPosition: 'u32',
    walkEntering: 'u32',
    maxSteps: 'u32',
    learned: 'u32',
  },
  twin({ plan, graph, facts, logPF, logPB, sums }, p) {
    for (let w = 0; w < plan[COUNT.walks]; w++) {
      const length = plan[p.walkLength + w];
      let forward = 0;
      let backward = 0;
      for (let at = w * p.maxSteps; at < w * p.maxSteps + length; at++) {
        forward += logPF[plan[p.walkPosition + at]];
        backward += p.learned === 1 ? logPB[plan[p.walkEntering + at]] : facts[p.fixedLogPB + plan[p.walkEdge + at]];
      }
      const outcome = graph[p.edgeTarget + plan[p.walkEdge + w * p.maxSteps + length - 1]];
      const at = w * SUMS_STRIDE;
      sums[at + SUMS.logPF] = forward;
      sums[at + SUMS.logPB] = backward;
      sums[at + SUMS.logTarget] = facts[p.logTarget + outcome];
      sums[at + SUMS.length] = length;
      sums[at + SUMS.reward] = facts[p.reward + outcome];
      sums[at + SUMS.solved] = facts[p.solved + outcome];
    }
  },
});
