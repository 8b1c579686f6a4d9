/** The answer key of a config: every task enumerated and solved, with no learning in it. */
import { isSolvable } from '../evolution/attainable.ts';
import { evaluatePolicy, logTargets, targetDistribution, uniformLogPF } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { isTree } from '../graph/taskGraph.ts';
import type { Task } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import type { Suite } from '../worlds/suite.ts';
import type { ConfigInput, RunConfig } from './config.ts';
import { libraryOf, skillsOf } from './libraryOf.ts';
import type { ExactRecord, ExactTask } from './records.ts';
import { resolveConfig, suiteOf } from './resolve.ts';
import { suites } from './suites.ts';

/** How many of the likeliest outcomes are told by name. */
const TOP = 10;

/** The tasks of a resolved config: by suite, by split, by index. Compiles none of them. */
export function* tasksOf(config: RunConfig, registry: readonly Suite<unknown>[] = suites): Generator<Task> {
  for (const entry of config.suites) {
    const suite = suiteOf(entry, registry);
    for (const split of SPLITS) {
      for (let index = 0; index < entry[split]; index++) {
        yield suite.task(entry.settings, config.seed, split, index);
      }
    }
  }
}

function successOf(graph: TaskGraph, logPF: Float64Array): number {
  const { logPi } = evaluatePolicy(graph, logPF);
  return logPi.reduce((sum, value, x) => sum + (graph.solved[x] === 1 ? Math.exp(value) : 0), 0);
}

/** Solves one task. @param graph enumerated, unless it is given @throws GraphTooLarge, NonPositiveReward */
export function exactTask(task: Task, beta: number, eps: number, graph = task.compile()): ExactTask {
  const { logZ, logP } = targetDistribution(logTargets(graph, beta, eps));
  const likeliest = Array.from(logP.keys()).sort((a, b) => logP[b] - logP[a] || a - b);
  let targetSuccess = 0;
  for (const [x, value] of logP.entries()) if (graph.solved[x] === 1) targetSuccess += Math.exp(value);
  return {
    suite: task.suite,
    split: task.split,
    text: task.text,
    states: graph.states,
    edges: graph.edges,
    outcomes: graph.outcomes,
    logZ,
    targetSuccess,
    randomSuccess: successOf(graph, uniformLogPF(graph)),
    attainable: isSolvable(graph),
    isTree: isTree(graph),
    top: likeliest.slice(0, TOP).map((x) => ({
      outcome: graph.nodeText[graph.states + x],
      reward: graph.reward[x],
      pTarget: Math.exp(logP[x]),
    })),
  };
}

/** The answers to a resolved config's tasks, one at a time. @throws GraphTooLarge, NonPositiveReward */
export function* exactTasks(config: RunConfig): Generator<ExactTask> {
  const { beta, eps } = config.objective;
  const skills = skillsOf(config, libraryOf(config));
  for (const task of tasksOf(config)) yield exactTask(task, beta, eps, task.compile({ skills }));
}

/**
 * Solves every task of a config.
 * @throws BadConfig, GraphTooLarge, NonPositiveReward
 */
export function exactRecord(input: ConfigInput): ExactRecord {
  const config = resolveConfig(input);
  return { version: 1, config, tasks: [...exactTasks(config)] };
}
