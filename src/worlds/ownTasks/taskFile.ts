/**
 * Files of one's own tasks: JSON Lines, a task a line (docs/own-tasks.md).
 *
 * Splits share no task: two lines with the same text are refused. A task that names no split is dealt one by a hash of
 * its text, so that adding, removing or moving a line changes the split of no other.
 */
import { z } from 'zod';
import { avalanche, fnv1a } from '../../encoder/hash.ts';
import { GRADER_KINDS, type GraderKind, graderOf } from '../../graders/graderOf.ts';
import { MOST_CHOICES } from '../../graders/multipleChoice.ts';
import type { Split } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { type FileFault, fieldOf, held, jsonOf, keyOf, linesOf, MOST_FAULTS, quoted, text } from './textFile.ts';

export interface OwnTask {
  /** Unique in its file. Where the file gives none it is made of the text. */
  readonly id: string;
  readonly text: string;
  /** The right answers; any of them will do. At least one. */
  readonly answers: readonly string[];
  readonly grader: GraderKind;
  /** Of `multiple-choice` only: the texts of A, B, C and so on. */
  readonly choices?: readonly string[];
  /** Of `numeric` only: the largest relative error, in [0, 1). */
  readonly tolerance?: number;
  /** Texts to read before the question; may be empty. */
  readonly passages: readonly string[];
  readonly split: Split;
}

export type TaskFile =
  | { readonly ok: true; readonly tasks: readonly OwnTask[] }
  /** The first `MOST_FAULTS`, in the order of lines. */
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Sizes; of texts in UTF-16 units. */
export const MOST_TASKS = 4096;
export const MOST_TEXT = 4_000;
export const MOST_ANSWERS = 16;
export const MOST_ANSWER_TEXT = 1_000;
export const MOST_CHOICE_TEXT = 500;
export const MOST_PASSAGES = 64;
export const MOST_PASSAGE = 20_000;
export const MOST_ID = 64;

/** Upper ends, in [0, 1), of the shares that are dealt: 60, 20 and 20 of a hundred. */
const TRAIN_SHARE = 0.6;
const VALIDATION_SHARE = 0.8;

/** A list of texts. Its length is looked at first, so that a list without end is one fault. */
function texts(
  what: string,
  least: number,
  most: number,
  mostText: number,
  list = 'a list of texts in square brackets',
) {
  return z
    .array(z.unknown(), { error: ({ input }) => `${held(input)}; write ${list}` })
    .min(least, { error: `holds no text; write ${what}` })
    .max(most, { error: ({ input }) => `holds ${length(input)} texts; at most ${most} are read, so leave some out` })
    .pipe(z.array(text(what, mostText)));
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: ({ input }) => `${held(input)}; write ${values.join(', ')}` });
}

/** A line as it is read. Unknown fields are refused: a misspelt one would be passed over. */
const lineSchema = z.strictObject(
  {
    text: text('the question or the instruction', MOST_TEXT),
    answer: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      texts('the right answer', 1, MOST_ANSWERS, MOST_ANSWER_TEXT, 'a text in quotation marks or a list of them'),
    ),
    grader: oneOf(GRADER_KINDS),
    choices: texts('a choice', 0, MOST_CHOICES, MOST_CHOICE_TEXT).optional(),
    tolerance: z.number({ error: ({ input }) => `${held(input)}; write a number like 0.01` }).optional(),
    passages: texts('a passage', 0, MOST_PASSAGES, MOST_PASSAGE).optional(),
    split: oneOf(SPLITS).optional(),
    id: text('a name for the task', MOST_ID).optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has the field ${quoted(issue.keys[0])}, and a task has none of that name; its fields are ${FIELDS.join(', ')}`
        : `${held(issue.input)} and no task; write {"text": ..., "answer": ..., "grader": ...}`,
  },
);
const FIELDS: readonly string[] = Object.keys(lineSchema.shape);

type Line = z.infer<typeof lineSchema>;

/**
 * The tasks of a file, or what is wrong with it. Lines end with LF, CRLF or CR; blank ones and a byte order mark are
 * passed over.
 * @param content bytes in UTF-8, or their text
 * @returns never throws, whatever comes in
 */
export function readTaskFile(content: Uint8Array | string): TaskFile {
  const lines = linesOf(content, 'split it into several files');
  if (typeof lines === 'string') return refused(lines);
  const reader = new Reader();
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') reader.add(index + 1, line);
    if (reader.isFull) break;
  }
  return reader.result();
}

/** The file of some tasks, every field written out; `readTaskFile` reads the same tasks back. */
export function printTaskFile(tasks: readonly OwnTask[]): string {
  return tasks
    .map(({ id, text: question, answers, grader, choices, tolerance, passages, split }) =>
      JSON.stringify({
        id,
        text: question,
        answer: answers.length === 1 ? answers[0] : answers,
        grader,
        choices,
        tolerance,
        passages: passages.length === 0 ? undefined : passages,
        split,
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

class Reader {
  readonly #tasks: OwnTask[] = [];
  readonly #faults: FileFault[] = [];
  readonly #lineOfText = new Map<string, number>();
  readonly #lineOfId = new Map<string, number>();
  #isFull = false;

  /** No further line would change the result. */
  get isFull(): boolean {
    return this.#isFull || this.#faults.length >= MOST_FAULTS;
  }

  add(line: number, json: string): void {
    if (this.#lineOfText.size === MOST_TASKS) {
      this.#isFull = true;
      this.#fault(line, null, `is task ${MOST_TASKS + 1}; at most ${MOST_TASKS} are read, so split the file`);
      return;
    }
    const found = jsonOf(json, 'a task');
    if ('fault' in found) {
      this.#fault(line, null, found.fault);
      return;
    }
    const { value } = found;
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) {
      // An answer that is no list is read as a list of one.
      const isLone = typeof value === 'object' && value !== null && 'answer' in value && !Array.isArray(value.answer);
      for (const { path, message } of parsed.error.issues)
        this.#fault(line, fieldOf(isLone && path[0] === 'answer' ? ['answer'] : path), message);
      return;
    }
    this.#check(line, parsed.data);
  }

  result(): TaskFile {
    if (this.#faults.length > 0) return { ok: false, faults: this.#faults.slice(0, MOST_FAULTS) };
    return this.#tasks.length > 0
      ? { ok: true, tasks: this.#tasks }
      : refused('holds no task; write one a line, like {"text": "6 times 7?", "answer": "42", "grader": "numeric"}');
  }

  #check(line: number, read: Line): void {
    const { text: question, answer: answers, grader, choices, tolerance, passages = [], split, id } = read;
    const before = this.#faults.length;
    if (choices !== undefined && grader !== 'multiple-choice')
      this.#fault(
        line,
        'choices',
        `is there, and the grader "${grader}" has none; leave it out or write "multiple-choice"`,
      );
    if (tolerance !== undefined && grader !== 'numeric')
      this.#fault(line, 'tolerance', `is there, and the grader "${grader}" has none; leave it out or write "numeric"`);
    const settings = {
      ...(choices === undefined ? {} : { choices }),
      ...(tolerance === undefined ? {} : { tolerance }),
    };
    if (this.#faults.length === before) {
      const fault = graderOf(grader).faultOf({ answers, ...settings });
      if (fault !== null) this.#fault(line, fault.field, fault.message);
    }
    const key = keyOf(question);
    const twin = this.#lineOfText.get(key);
    if (twin !== undefined)
      this.#fault(line, 'text', `is that of line ${twin}; splits share no task, so leave one of the two out`);
    else this.#lineOfText.set(key, line);
    const name = id ?? idOf(key);
    const namesake = this.#lineOfId.get(name);
    if (namesake !== undefined && twin === undefined)
      this.#fault(
        line,
        'id',
        `is ${JSON.stringify(name)} like that of line ${namesake}; write another or leave it out`,
      );
    else this.#lineOfId.set(name, line);
    if (this.#faults.length > before) return;
    this.#tasks.push({
      id: name,
      text: question,
      answers,
      grader,
      ...settings,
      passages,
      split: split ?? splitOf(key),
    });
  }

  #fault(line: number, field: string | null, message: string): void {
    this.#faults.push({ line, field, message });
  }
}

function splitOf(key: string): Split {
  const share = avalanche(fnv1a(key)) / 2 ** 32;
  return share < TRAIN_SHARE ? 'train' : share < VALIDATION_SHARE ? 'validation' : 'heldOut';
}

/** 64 bits of hash: among 4096 texts two that are equal by chance are not to be met. */
function idOf(key: string): string {
  const half = (salt: string): string =>
    avalanche(fnv1a(salt + key))
      .toString(16)
      .padStart(8, '0');
  return `task-${half('a')}${half('b')}`;
}

function refused(message: string): TaskFile {
  return { ok: false, faults: [{ line: null, field: null, message }] };
}

function length(input: unknown): number {
  return Array.isArray(input) ? input.length : 0;
}
