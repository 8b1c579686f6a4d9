/** The suite `own-tasks`: tasks from a file of one's own (docs/own-tasks.md), worked on by a language model. */
import MiniSearch from 'minisearch';
import { z } from 'zod';
import example from '../../../docs/own-tasks.example.jsonl?raw';
import { graderOf } from '../../graders/graderOf.ts';
import type { Split, Task } from '../../graph/world.ts';
import { LIVE_ACTS } from '../live/acts.ts';
import { asTask, codeIn, firstLine } from '../live/liveSuite.ts';
import type { LiveTask } from '../live/notesWorld.ts';
import type { Suite } from '../suite.ts';
import type { OwnTask } from './taskFile.ts';
import { faultText, MOST_BYTES, readTaskFile } from './taskFile.ts';

const NAME = 'own-tasks';
const ACTS = LIVE_ACTS.filter((act) => act !== 'try');

const settings = z.strictObject({
  /** The file, a task a line. */
  file: z
    .string()
    .max(MOST_BYTES)
    .default(example)
    .superRefine((content, context) => {
      const read = readTaskFile(content);
      if (read.ok) return;
      for (const fault of read.faults) context.addIssue({ code: 'custom', message: faultText(fault) });
    }),
  /** Acts that are offered beside answering; search where there are passages only. */
  acts: z.array(z.enum(ACTS)).min(1).default(['plan', 'recall', 'search', 'calculate', 'check']),
  /** Steps until the answer is due. */
  steps: z.int().min(1).max(5).default(2),
  /** Passages that a search notes. */
  hits: z.int().min(1).max(5).default(2),
});
export type OwnTasksSettings = z.output<typeof settings>;

/** The file has fewer tasks of a split than were asked for. */
export class NoSuchTask extends Error {
  override readonly name = 'NoSuchTask';
  constructor(split: Split, index: number, count: number) {
    super(`The file has ${count} ${split} tasks, so there is none at index ${index}; it may hold up to ${count}`);
  }
}

export const ownTasks: Suite<OwnTasksSettings> = {
  name: NAME,
  summary: 'Tasks from a file of your own, with text, answer and grader, worked on by a language model.',
  settings,
  beta: 4,
  eps: 0.1,
  skills: true,
  live: true,
  task(chosen, _, split, index): Task {
    const tasks = tasksOf(chosen.file).filter((task) => task.split === split);
    const task = tasks[index];
    if (task === undefined) throw new NoSuchTask(split, index, tasks.length);
    return asTask({ suite: NAME, split, index }, task.text, () => liveTask(task, chosen));
  },
};

const read = new Map<string, readonly OwnTask[]>();

function tasksOf(file: string): readonly OwnTask[] {
  const held = read.get(file);
  if (held) return held;
  const parsed = readTaskFile(file);
  if (!parsed.ok) throw new RangeError(parsed.faults.map(faultText).join('\n'));
  // One file at a time is in use.
  read.clear();
  read.set(file, parsed.tasks);
  return parsed.tasks;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function liveTask(task: OwnTask, { acts, steps, hits }: OwnTasksSettings): LiveTask {
  const choices = task.choices?.map((choice, i) => `${LETTERS[i]}. ${choice}`) ?? [];
  const grader = graderOf(task.grader);
  return {
    prompt: [task.text, ...choices].join('\n'),
    acts: acts.filter((act) => act !== 'search' || task.passages.length > 0),
    steps,
    tools: { calculate: 'evaluate' },
    noted(act, answer) {
      if (act === 'search') return searched(task.passages, firstLine(answer), hits);
      return act === 'write-code' ? codeIn(answer) : act === 'run-code' ? answer : firstLine(answer);
    },
    graded(answer) {
      const { reward, solved } = grader.grade(answer.trim(), task);
      return { text: answer, reward, solved };
    },
  };
}

const indices = new WeakMap<readonly string[], MiniSearch<{ id: number; text: string }>>();

/** The passages of a task that a query finds, best first. */
function searched(passages: readonly string[], query: string, hits: number): string {
  let index = indices.get(passages);
  if (index === undefined) {
    index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
    index.addAll(passages.map((text, id) => ({ id, text })));
    indices.set(passages, index);
  }
  const found = index.search(query).slice(0, hits);
  return found.length === 0 ? 'nothing found' : found.map(({ id }) => passages[id]).join(' | ');
}
