import { defineKernel } from '../../../gpu/kernel.ts';
import { pcg } from '../../../supervisor/parameters.ts';
import { COUNT, NONE, RECORD_STRIDE } from '../../../supervisor/plan.ts';
import { STEP, STEP_STRIDE } from '../../kernels/walkSums.ts';
import wgsl from './sampleActions.wgsl?raw';

/**
 * Each walk takes one edge of its state in round `round`. With probability `schedule[epsilonIndex]` a
 * uniform one, else one drawn from `P_F^(1/temperature)`, the temperature at the next index. Where `given`
 * `[walks, maxSteps]` names an edge and not NONE, that one is taken instead. In the first update of a batch
 * (`first` 1) the step's `behaviour` is written into `steps`: the log-probability with which the edge was
 * sampled, or log P_F of a given one.
 */
export const sampleActions = defineKernel({
  name: 'sampleActions',
  about: 'Each walk draws its next edge',
  wgsl,
  bindings: {
    plan: 'write u32',
    graph: 'read u32',
    logPF: 'read f32',
    schedule: 'read f32',
    given: 'read u32',
    steps: 'write f32',
  },
  params: {
    slotRecords: 'u32',
    outStart: 'u32',
    edgeTarget: 'u32',
    isOutcome: 'u32',
    walkNode: 'u32',
    walkSlot: 'u32',
    walkLength: 'u32',
    walkEdge: 'u32',
    walkPosition: 'u32',
    maxSteps: 'u32',
    round: 'u32',
    epsilonIndex: 'u32',
    first: 'u32',
  },
  twin({ plan, graph, logPF, schedule, given, steps }, p) {
    const key = pcg((pcg(plan[COUNT.seed]) ^ plan[COUNT.step]) >>> 0);
    const uniform = (walk: number, draw: number) => (pcg((pcg((key ^ walk) >>> 0) ^ draw) >>> 0) >>> 8) / 16777216;
    const epsilon = schedule[p.epsilonIndex];
    const cool = 1 / schedule[p.epsilonIndex + 1];
    for (let w = 0; w < plan[COUNT.walks]; w++) {
      const node = plan[p.walkNode + w];
      if (node === NONE) continue;
      const record = p.slotRecords + plan[p.walkSlot + w] * RECORD_STRIDE;
      const first = plan[record + 1];
      const degree = plan[record + 2];
      let choice = degree - 1;
      const at = w * p.maxSteps + p.round;
      const isGiven = given[at] !== NONE;
      let total = 0;
      for (let j = 0; j < degree; j++) total += Math.exp(cool * logPF[first + j]);
      if (isGiven) {
        choice = given[at] - graph[p.outStart + node];
      } else if (uniform(w, 2 * p.round) < epsilon) {
        choice = Math.min(Math.floor(uniform(w, 2 * p.round + 1) * degree), degree - 1);
      } else {
        let left = uniform(w, 2 * p.round + 1) * total;
        for (let j = 0; j < degree; j++) {
          left -= Math.exp(cool * logPF[first + j]);
          if (left < 0) {
            choice = j;
            break;
          }
        }
      }
      const edge = graph[p.outStart + node] + choice;
      const reached = graph[p.edgeTarget + edge];
      plan[p.walkEdge + at] = edge;
      plan[p.walkPosition + at] = first + choice;
      if (p.first === 1) {
        const drawn = Math.exp(cool * logPF[first + choice]) / total;
        steps[at * STEP_STRIDE + STEP.behaviour] =
          isGiven || (epsilon === 0 && cool === 1)
            ? logPF[first + choice]
            : Math.log(epsilon / degree + (1 - epsilon) * drawn);
      }
      plan[p.walkLength + w] = p.round + 1;
      plan[p.walkNode + w] = graph[p.isOutcome + reached] === 1 ? NONE : reached;
    }
  },
});
