/** The suite `own-tasks`: tasks from a file of one's own (docs/own-tasks.md), worked on by a language model. */
import { z } from 'zod';
import example from '../../../docs/own-tasks.example.jsonl?raw';
import { boundedCache } from '../../encoder/boundedCache.ts';
import { graderOf } from '../../graders/graderOf.ts';
import { choiceOf } from '../../graders/multipleChoice.ts';
import type { Split, Task } from '../../graph/world.ts';
import { LIVE_ACTS } from '../live/acts.ts';
import { asTask, codeIn, firstLine } from '../live/liveSuite.ts';
import type { LiveTask } from '../live/notesWorld.ts';
import type { Suite } from '../suite.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { PassageSearch } from './passageSearch.ts';
import type { OwnTask, TaskFile } from './taskFile.ts';
import { readTaskFile } from './taskFile.ts';
import { type FileFault, faultText } from './textFile.ts';

const NAME = 'own-tasks';
const ACTS = LIVE_ACTS.filter((act) => act !== 'try');

/** The file that the settings hold. One at a time is in use, and settings are checked at every change of one. */
export const fileOf: (text: string) => TaskFile = boundedCache(1, readTaskFile);
/** The corpus that the settings hold, likewise. */
export const corpusOf: (text: string) => Corpus = boundedCache(1, readCorpus);

const settings = z.strictObject({
  /** The file, a task a line. */
  file: z
    .string()
    .default(example)
    .superRefine((content, context) => tell(fileOf(content), context)),
  /** Passages that all tasks search, beside their own. */
  corpus: z
    .string()
    .superRefine((content, context) => tell(corpusOf(content), context))
    .optional(),
  /** Acts that are offered beside answering; search where there is something to search only. */
  acts: z.array(z.enum(ACTS)).min(1).default(['plan', 'recall', 'search', 'calculate', 'check']),
  /** Steps until the answer is due. */
  steps: z.int().min(1).max(5).default(2),
  /** Passages that a search notes. */
  hits: z.int().min(1).max(5).default(2),
});
function tell(
  read: { readonly ok: true } | { readonly ok: false; readonly faults: readonly FileFault[] },
  context: z.RefinementCtx,
): void {
  if (read.ok) return;
  for (const fault of read.faults) context.addIssue({ code: 'custom', message: faultText(fault) });
}

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
    return asTask({ suite: NAME, split, index, answers: answersOf(task) }, task.text, () => liveTask(task, chosen));
  },
};

/** @throws RangeError with what is wrong with the file */
function tasksOf(file: string): readonly OwnTask[] {
  const read = fileOf(file);
  if (!read.ok) throw new RangeError(read.faults.map(faultText).join('\n'));
  return read.tasks;
}

/** The one index of a corpus, which its tasks share. @throws RangeError with what is wrong with the corpus */
const searchOf = boundedCache(1, (corpus) => {
  const read = corpusOf(corpus);
  if (!read.ok) throw new RangeError(read.faults.map(faultText).join('\n'));
  return new PassageSearch(read.passages);
});

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** As a person reads them: a choice with its letter, and none twice. */
function answersOf({ answers, choices = [] }: OwnTask): readonly string[] {
  const inWords = answers.map((answer) => {
    const right = choiceOf(answer, choices);
    return right === -1 ? answer : lettered(choices[right], right);
  });
  return [...new Set(inWords)];
}

function lettered(choice: string, index: number): string {
  return `${LETTERS[index]}. ${choice}`;
}

/** Queries of a task whose findings are remembered: a graph is unfolded over and over with the same ones. */
const REMEMBERED = 64;

function liveTask(task: OwnTask, { corpus, acts, steps, hits }: OwnTasksSettings): LiveTask {
  const choices = task.choices?.map(lettered) ?? [];
  const grader = graderOf(task.grader);
  const passages = corpus === undefined ? new PassageSearch([]) : searchOf(corpus);
  const searched = boundedCache(REMEMBERED, (query) => {
    const found = passages.search(query, task.passages, hits);
    return found.length === 0 ? 'nothing found' : found.join(' | ');
  });
  return {
    prompt: [task.text, ...choices].join('\n'),
    acts: acts.filter((act) => act !== 'search' || task.passages.length > 0 || corpus !== undefined),
    steps,
    tools: { calculate: 'evaluate' },
    noted(act, answer) {
      if (act === 'search') return searched(firstLine(answer));
      return act === 'write-code' ? codeIn(answer) : act === 'run-code' ? answer : firstLine(answer);
    },
    graded(answer) {
      const { reward, solved } = grader.grade(answer.trim(), task);
      return { text: answer, reward, solved };
    },
  };
}
