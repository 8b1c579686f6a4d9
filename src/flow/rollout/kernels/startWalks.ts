import { defineKernel } from '../../../gpu/kernel.ts';
import { COUNT, NONE } from '../../../supervisor/plan.ts';
import { TASK, TASK_STRIDE } from '../../../supervisor/taskStore.ts';
import wgsl from './startWalks.wgsl?raw';

/** Puts every walk at the root of its task, and forgets what was visited. */
export const startWalks = defineKernel({
  name: 'startWalks',
  about: 'Puts every walk at the root of its task',
  wgsl,
  bindings: { plan: 'write u32', graph: 'read u32' },
  params: {
    batchTask: 'u32',
    taskInfo: 'u32',
    walkNode: 'u32',
    walkLength: 'u32',
    walkEdge: 'u32',
    walkPosition: 'u32',
    walkEntering: 'u32',
    walksPerTask: 'u32',
    maxSteps: 'u32',
  },
  twin({ plan, graph }, p) {
    plan.fill(0, COUNT.slots, COUNT.entering + 1);
    const walks = plan[COUNT.walks];
    for (let w = 0; w < walks; w++) {
      const task = plan[p.batchTask + 2 * Math.floor(w / p.walksPerTask)];
      plan[p.walkNode + w] = graph[p.taskInfo + task * TASK_STRIDE + TASK.root];
      plan[p.walkLength + w] = 0;
    }
    for (const first of [p.walkEdge, p.walkPosition, p.walkEntering])
      plan.fill(NONE, first, first + walks * p.maxSteps);
  },
});
