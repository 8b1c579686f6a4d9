/** `exact`: the answer key of a config, in Node. */
import { setImmediate } from 'node:timers/promises';
import { exactTasks } from '../../src/training/exactRecord.ts';
import type { ExactRecord, ExactTask } from '../../src/training/records.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { CANCELLED, cancelOnInterrupt } from './cancel.ts';
import { writeWhole } from './files.ts';
import { progressOn } from './progress.ts';
import { exactTable } from './table.ts';

/** @returns the exit status @throws BadConfig, GraphTooLarge, NonPositiveReward */
export async function exactCommand(input: unknown, out: string): Promise<number> {
  const config = resolveConfig(input);
  const total = config.suites.reduce((sum, suite) => sum + suite.train + suite.validation + suite.heldOut, 0);
  const signal = cancelOnInterrupt();
  const progress = progressOn(process.stderr);
  const tasks: ExactTask[] = [];
  for (const task of exactTasks(config)) {
    tasks.push(task);
    progress.show(`${tasks.length}/${total} tasks`);
    await setImmediate();
    if (signal.aborted) break;
  }
  progress.end();
  if (signal.aborted) return CANCELLED;
  const record: ExactRecord = { version: 1, config, tasks };
  writeWhole(out, JSON.stringify(record, null, 2));
  console.log(`${exactTable(tasks)}\n\nwritten to ${out}`);
  return 0;
}
