/** Live tasks known as a whole: the executor is asked everything that there is to ask. For cheap executors, and for answer keys. */
import type { Executor } from '../executor/executor.ts';
import { evaluatePolicy } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import type { Composite, Task } from '../graph/world.ts';
import { planTextOf } from '../worlds/live/acts.ts';

/**
 * A task's graph without anything unknown. Calls are of the order of its notes times its acts.
 * @throws ModelFailure, GraphTooLarge, or the signal's reason
 */
export async function exploreAll(
  task: Task,
  executor: Executor,
  {
    skills = [],
    signal,
    onProgress,
  }: {
    readonly skills?: readonly Composite[];
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, of: number) => void;
  } = {},
): Promise<TaskGraph> {
  for (;;) {
    const graph = task.compile({ skills, results: executor });
    if (graph.pending.size === 0) return graph;
    await executor.carryOut([...graph.pending.values()], {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
  }
}

/**
 * Success of the simplest strategies there are: one act with the task alone, then the answer from what it gave, or from
 * nothing where it may not be given to the answer; and `answer` at once. By the name of the act.
 */
export function singleActs(graph: TaskGraph): ReadonlyMap<string, number> {
  const edgesOf = (state: number): number[] =>
    Array.from({ length: graph.outStart[state + 1] - graph.outStart[state] }, (_, i) => graph.outStart[state] + i);
  const nameOf = (edge: number): string => graph.planText[graph.action[edge]];
  const choose = (choices: ReadonlyMap<number, number>): Float64Array => {
    const logPF = new Float64Array(graph.edges).fill(Number.NEGATIVE_INFINITY);
    for (let state = 0; state < graph.states; state++) logPF[choices.get(state) ?? graph.outStart[state]] = 0;
    return logPF;
  };
  const found = new Map<string, number>();
  for (const first of edgesOf(0)) {
    if (ACTION_KINDS[graph.kind[first]] === 'skill') continue;
    const choices = new Map([[0, first]]);
    const next = graph.target[first];
    if (next < graph.states) {
      const answers = edgesOf(next).filter((edge) => ACTION_KINDS[graph.kind[edge]] === 'accept');
      const from = answers.find((edge) => nameOf(edge) === planTextOf('answer', true));
      choices.set(next, from ?? answers[0]);
    }
    const { logPi } = evaluatePolicy(graph, choose(choices));
    const success = logPi.reduce((sum, value, x) => sum + (graph.solved[x] === 1 ? Math.exp(value) : 0), 0);
    found.set(nameOf(first), success);
  }
  return found;
}
