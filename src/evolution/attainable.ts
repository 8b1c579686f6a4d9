/** How much success a library allows, exactly. */
import type { TaskGraph } from '../graph/taskGraph.ts';

/** Whether some outcome of an enumerated task is solved; each of its outcomes can be reached. */
export function isSolvable(graph: TaskGraph): boolean {
  return graph.solved.includes(1);
}

/** Share of the tasks that can be solved: the success of the best policy there is. 0 for no tasks. */
export function attainableOf(graphs: readonly TaskGraph[]): number {
  return graphs.length === 0 ? 0 : graphs.filter(isSolvable).length / graphs.length;
}
