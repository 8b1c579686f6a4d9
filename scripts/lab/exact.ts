/** `exact`: the answer key of a config, in Node. */
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Executor } from '../../src/executor/executor.ts';
import type { RunConfig } from '../../src/training/config.ts';
import { exactTask, exactTasks, tasksOf } from '../../src/training/exactRecord.ts';
import { exploreAll, singleActs } from '../../src/training/exploreAll.ts';
import { libraryOf, skillsOf } from '../../src/training/libraryOf.ts';
import type { ExactRecord, ExactTask } from '../../src/training/records.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { CANCELLED, cancelOnInterrupt } from './cancel.ts';
import { writeWhole } from './files.ts';
import { nodeExecutors } from './nodeExecutors.ts';
import { progressOn } from './progress.ts';
import { exactTable, plainPolicies } from './table.ts';

/** The tasks of a run over a language model, which is asked everything that there is to ask. */
async function* liveTasks(config: RunConfig, executor: Executor, signal: AbortSignal): AsyncGenerator<ExactTask> {
  const { beta, eps } = config.objective;
  const skills = skillsOf(config, libraryOf(config));
  for (const task of tasksOf(config)) {
    const graph = await exploreAll(task, executor, { skills, signal });
    yield { ...exactTask(task, beta, eps, graph), singleActs: Object.fromEntries(singleActs(graph)) };
  }
}

/** @returns the exit status @throws BadConfig, GraphTooLarge, NonPositiveReward */
export async function exactCommand(input: unknown, out: string): Promise<number> {
  const config = resolveConfig(input);
  const total = config.suites.reduce((sum, suite) => sum + suite.train + suite.validation + suite.heldOut, 0);
  const signal = cancelOnInterrupt();
  const progress = progressOn(process.stderr);
  const tasks: ExactTask[] = [];
  const told = () => progress.show(`${tasks.length}/${total} tasks`);
  if (config.executor) {
    const results = join(dirname(out), 'results.jsonl');
    const hooks = { onProgress: (text: string) => progress.show(text), signal };
    const executor = await nodeExecutors(results)(config.executor, hooks);
    try {
      for await (const task of liveTasks(config, executor, signal)) {
        tasks.push(task);
        told();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await executor.model.close();
    }
  } else {
    for (const task of exactTasks(config)) {
      tasks.push(task);
      told();
      await setImmediate();
      if (signal.aborted) break;
    }
  }
  progress.end();
  if (signal.aborted) return CANCELLED;
  const record: ExactRecord = { version: 1, config, tasks };
  writeWhole(out, JSON.stringify(record, null, 2));
  console.log(`${exactTable(tasks)}\n\n${plainPolicies(tasks)}\n\nwritten to ${out}`);
  return 0;
}
