import { defineKernel } from '../../gpu/kernel.ts';
import { COUNT, EDGE_STRIDE, RECORD_STRIDE } from '../../supervisor/plan.ts';
import wgsl from './walkSums.wgsl?raw';

/** Numbers per walk, and what they are. */
export const SUMS_STRIDE = 8;
export const SUMS = { logPF: 0, logPB: 1, logTarget: 2, length: 3, reward: 4, solved: 5, behaviour: 6 } as const;

/**
 * Numbers per step of a walk, and what they are: `logF` of the state it starts in (a value, for `ppo`), `behaviour`
 * the log-probability with which the sampler took the edge, `entropy` of the policy in that state, `logUniform` of a
 * uniform policy there, `firstLogF` the state's `logF` when the batch was sampled.
 */
export const STEP_STRIDE = 7;
export const STEP = {
  logPF: 0,
  logPB: 1,
  logF: 2,
  behaviour: 3,
  entropy: 4,
  logUniform: 5,
  firstLogF: 6,
} as const;

/**
 * What every objective is made of: `steps` `[walks, maxSteps, 7]` and their sums along each walk, `[walks, 8]`.
 * The steps' `behaviour` is there already, from the sampler. `flow` and `learned` say whether log F and log P_B are
 * computed; `first` is 1 in the first update of a batch.
 */
export const walkSums = defineKernel({
  name: 'walkSums',
  about: 'Reads log P_F, log P_B, log F and entropy along each walk, and adds them up',
  wgsl,
  bindings: {
    plan: 'read u32',
    graph: 'read u32',
    facts: 'read f32',
    logPF: 'read f32',
    logPB: 'read f32',
    logF: 'read f32',
    steps: 'write f32',
    sums: 'write f32',
  },
  params: {
    edgeTarget: 'u32',
    fixedLogPB: 'u32',
    logTarget: 'u32',
    reward: 'u32',
    solved: 'u32',
    slotRecords: 'u32',
    edgeRecords: 'u32',
    walkLength: 'u32',
    walkEdge: 'u32',
    walkPosition: 'u32',
    walkEntering: 'u32',
    maxSteps: 'u32',
    learned: 'u32',
    flow: 'u32',
    first: 'u32',
  },
  twin({ plan, graph, facts, logPF, logPB, logF, steps, sums }, p) {
    for (let w = 0; w < plan[COUNT.walks]; w++) {
      const length = plan[p.walkLength + w];
      let [forward, backward, behaviour] = [0, 0, 0];
      for (let at = w * p.maxSteps; at < w * p.maxSteps + length; at++) {
        const position = plan[p.walkPosition + at];
        const slot = plan[p.edgeRecords + position * EDGE_STRIDE];
        const start = plan[p.slotRecords + slot * RECORD_STRIDE + 1];
        const degree = plan[p.slotRecords + slot * RECORD_STRIDE + 2];
        let entropy = 0;
        for (let e = start; e < start + degree; e++) entropy -= Math.exp(logPF[e]) * logPF[e];
        const step = at * STEP_STRIDE;
        steps[step + STEP.logPF] = logPF[position];
        steps[step + STEP.logPB] =
          p.learned === 1 ? logPB[plan[p.walkEntering + at]] : facts[p.fixedLogPB + plan[p.walkEdge + at]];
        steps[step + STEP.logF] = p.flow === 1 ? logF[slot] : 0;
        steps[step + STEP.entropy] = entropy;
        steps[step + STEP.logUniform] = -Math.log(degree);
        if (p.first === 1) steps[step + STEP.firstLogF] = steps[step + STEP.logF];
        forward += steps[step + STEP.logPF];
        backward += steps[step + STEP.logPB];
        behaviour += steps[step + STEP.behaviour];
      }
      const outcome = graph[p.edgeTarget + plan[p.walkEdge + w * p.maxSteps + length - 1]];
      const at = w * SUMS_STRIDE;
      sums[at + SUMS.logPF] = forward;
      sums[at + SUMS.logPB] = backward;
      sums[at + SUMS.logTarget] = facts[p.logTarget + outcome];
      sums[at + SUMS.length] = length;
      sums[at + SUMS.reward] = facts[p.reward + outcome];
      sums[at + SUMS.solved] = facts[p.solved + outcome];
      sums[at + SUMS.behaviour] = behaviour;
    }
  },
});
