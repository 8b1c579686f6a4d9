/** Policies that need no learning, measured exactly: the lines against which a plot is read. */
import { meanMeasures, measurePolicy } from '../flow/measures.ts';
import { yielder } from '../gpu/nextMacrotask.ts';
import { evaluatePolicy, exactFlows, greedyLogPF, uniformLogPB, uniformLogPF } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Task } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import type { RunConfig } from './config.ts';
import type { ReferenceMeasures } from './records.ts';
import { REFERENCE_POLICIES } from './records.ts';

interface MeasuredTask {
  readonly task: Task;
  readonly graph: TaskGraph;
  readonly logTarget: Float64Array;
}

/** `[edges]` log P_F of a reference policy. */
export function referencePolicy(
  policy: ReferenceMeasures['policy'],
  graph: TaskGraph,
  logTarget: Float64Array,
): Float64Array {
  if (policy === 'random') return uniformLogPF(graph);
  if (policy === 'greedy') return greedyLogPF(graph);
  return exactFlows(graph, logTarget, uniformLogPB(graph)).logPF;
}

/** On the first `evaluation.tasks` tasks of each split of each suite. @throws the signal's reason */
export async function referenceMeasures(
  config: RunConfig,
  tasks: readonly MeasuredTask[],
  signal: AbortSignal,
): Promise<readonly ReferenceMeasures[]> {
  const breathe = yielder(15);
  const rows: ReferenceMeasures[] = [];
  for (const { name: suite } of config.suites) {
    for (const split of SPLITS) {
      const members = tasks
        .filter(({ task }) => task.suite === suite && task.split === split)
        .slice(0, config.evaluation.tasks);
      if (members.length === 0) continue;
      for (const policy of REFERENCE_POLICIES) {
        const measured = [];
        for (const { graph, logTarget } of members) {
          const evaluated = evaluatePolicy(graph, referencePolicy(policy, graph, logTarget));
          measured.push(measurePolicy(graph, logTarget, evaluated, null));
          await breathe();
          signal.throwIfAborted();
        }
        const { success, pass3, pass5, reward, l1, jsd, modes, modesOfTarget, entropy, collapse } =
          meanMeasures(measured);
        const measures = { success, pass3, pass5, reward, l1, jsd, modes, modesOfTarget, entropy, collapse };
        rows.push({ policy, suite, split, tasks: members.length, ...measures });
      }
    }
  }
  return rows;
}
