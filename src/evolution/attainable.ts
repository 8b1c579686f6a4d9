/** How much success a library allows, exactly. */
import type { TaskGraph } from '../graph/taskGraph.ts';

/**
 * Whether some outcome of a task is solved; each of its outcomes can be reached. Where part of a task is unknown it may
 * be: nobody has shown that it is not.
 */
export function isSolvable(graph: TaskGraph): boolean {
  return graph.solved.includes(1) || graph.pending.size > 0;
}

/**
 * Share of the tasks that can be solved: the success of the best policy there is, and an upper bound of it where part
 * of a task is unknown. 0 for no tasks.
 */
export function attainableOf(graphs: readonly TaskGraph[]): number {
  return graphs.length === 0 ? 0 : graphs.filter(isSolvable).length / graphs.length;
}
