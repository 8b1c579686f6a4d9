/** Demonstrations: trajectories of the exact optimal policy, in the place of sampled ones. */
import { sampleTrajectory } from '../flow/sampleTrajectory.ts';
import { exactFlows, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { NONE } from '../supervisor/plan.ts';
import type { TaskStore } from '../supervisor/taskStore.ts';
import { randomSource } from '../worlds/random.ts';

/** `[walks, horizon]` edges of the store for a step's tasks, NONE after the last of a walk. */
export type Demonstrations = (step: number, tasks: readonly number[], walksPerTask: number) => Uint32Array;

/** Keeps demonstrations apart from every other use of the seed. */
const STREAM = 0xde30;

/** The policies are solved as tasks come up, each once. A function of its arguments alone, so a resumed run goes on alike. */
export function createDemonstrations(
  seed: number,
  store: TaskStore,
  tasks: readonly { readonly graph: TaskGraph; readonly logTarget: Float64Array }[],
): Demonstrations {
  const policies = new Map<number, Float64Array>();
  const policyOf = (q: number): Float64Array => {
    const { graph, logTarget } = tasks[q];
    const found = policies.get(q) ?? exactFlows(graph, logTarget, uniformLogPB(graph)).logPF;
    policies.set(q, found);
    return found;
  };
  return (step, batch, walksPerTask) => {
    const edges = new Uint32Array(batch.length * walksPerTask * store.horizon).fill(NONE);
    for (const [b, q] of batch.entries()) {
      const random = randomSource(seed, STREAM, step, q);
      for (let w = b * walksPerTask; w < (b + 1) * walksPerTask; w++) {
        const trajectory = sampleTrajectory(tasks[q].graph, policyOf(q), random);
        edges.set(
          trajectory.map((e) => store.tasks[q].firstEdge + e),
          w * store.horizon,
        );
      }
    }
    return edges;
  };
}
