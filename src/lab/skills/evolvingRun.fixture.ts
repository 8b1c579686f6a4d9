/**
 * A run whose library evolved, for tests: 700 steps on the CPU of configs/household-short.json with 96 training tasks,
 * an evaluation every 50 steps, `when.rho` 0.1, a lenient gate (40 steps, one seed, gain 0.01, one standard error) and
 * `what` {"phases":1,"unvisited":1,"doubt":0.3,"same":0.7}, so that much happens. Its figures are kept to four digits,
 * its last 70 steps, up to three sources of a skill and none of a reject.
 */

import type { RunOpened } from '../../session/protocol.ts';
import { parseRecord } from '../../training/recordSchema.ts';
import type { RunRecord } from '../../training/records.ts';
import { suites } from '../../training/suites.ts';
import { opened } from '../fakeSession.fixture.ts';
import run from './evolving.run.json';

export const EVOLVED: RunRecord = parseRecord(run);

/** As the session opens it, with its training tasks. */
export function openedEvolved(changes: Partial<RunOpened> = {}): RunOpened {
  const { config, steps, evaluations, library, events } = EVOLVED;
  const [{ name, settings, train }] = config.suites;
  const suite = suites.find((one) => one.name === name);
  if (!suite) throw new Error(`There is no suite ${name}.`);
  const tasks = Array.from({ length: train }, (_, index) => {
    const { text } = suite.task(suite.settings.parse(settings), config.seed, 'train', index);
    return { suite: name, split: 'train' as const, index, text };
  });
  return opened(config, {
    tasks,
    step: steps.at(-1)?.step ?? 0,
    steps,
    evaluations,
    library: { skills: library, forbidden: [] },
    events,
    ...changes,
  });
}
