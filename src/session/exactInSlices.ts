/** The answer key of a config, task by task, so that messages are answered in between. */

import { nextMacrotask } from '../gpu/nextMacrotask.ts';
import type { ConfigInput } from '../training/config.ts';
import { exactTask, tasksOf } from '../training/exactRecord.ts';
import type { ExactRecord, ExactTask } from '../training/records.ts';
import { resolveConfig } from '../training/resolve.ts';

/** The same record as `exactRecord` makes. @throws BadConfig, GraphTooLarge, NonPositiveReward */
export async function exactInSlices(input: ConfigInput): Promise<ExactRecord> {
  const config = resolveConfig(input);
  const { beta, eps } = config.objective;
  const tasks: ExactTask[] = [];
  for (const task of tasksOf(config)) {
    tasks.push(exactTask(task, beta, eps));
    await nextMacrotask();
  }
  return { version: 1, config, tasks };
}
