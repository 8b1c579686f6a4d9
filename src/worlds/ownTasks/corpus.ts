/**
 * A corpus of one's own, which all tasks of the suite search (docs/own-tasks.md): JSON Lines, a passage a line, or text
 * and Markdown, which are cut into passages at blank lines.
 */
import { z } from 'zod';
import { MOST_PASSAGE } from './taskFile.ts';
import { type FileFault, fieldOf, held, jsonOf, keyOf, linesOf, MOST_FAULTS, quoted, text } from './textFile.ts';

export type CorpusKind = 'json-lines' | 'text';

export type Corpus =
  | {
      readonly ok: true;
      readonly kind: CorpusKind;
      /** In the order of the file, no two alike but for spaces. */
      readonly passages: readonly string[];
      /** Passages that stand in the file again, and are left out. */
      readonly repeated: number;
    }
  /** The first `MOST_FAULTS`, in the order of lines. */
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Of one corpus. */
export const MOST_CORPUS_PASSAGES = 50_000;
/** UTF-16 units of a title in JSON Lines. */
export const MOST_TITLE = 200;
/** UTF-16 units beyond which a paragraph of a text is cut. */
export const MOST_PARAGRAPH = 1_000;

/** A line of JSON Lines. Unknown fields are refused: a misspelt one would be passed over. */
const lineSchema = z.strictObject(
  { text: text('the passage', MOST_PASSAGE), title: text('a title', MOST_TITLE).optional() },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has the field ${quoted(issue.keys[0])}, and a passage has none of that name; its fields are ${FIELDS.join(', ')}`
        : `${held(issue.input)} and no passage; write {"text": ..., "title": ...}`,
  },
);
const FIELDS: readonly string[] = Object.keys(lineSchema.shape);

/**
 * The passages of a corpus, or what is wrong with it. It is JSON Lines where the first line that is not blank begins
 * with a brace, and a text otherwise; the name of the file does not count.
 * @param content bytes in UTF-8, or their text
 * @returns never throws, whatever comes in
 */
export function readCorpus(content: Uint8Array | string): Corpus {
  const lines = linesOf(content, 'leave some of it out');
  if (typeof lines === 'string') return refused(lines);
  const first = lines.find((line) => line.trim() !== '')?.trimStart() ?? '';
  if (/^\[\s*([{"]|$)/.test(first)) return refused('is a list in JSON; write a passage a line, like {"text": ...}');
  const reader = new Reader(first.startsWith('{') ? 'json-lines' : 'text');
  reader.read(lines);
  return reader.result();
}

class Reader {
  readonly #kind: CorpusKind;
  readonly #passages: string[] = [];
  readonly #keys = new Set<string>();
  readonly #faults: FileFault[] = [];
  #repeated = 0;

  constructor(kind: CorpusKind) {
    this.#kind = kind;
  }

  /** No further line would change the result. */
  get #isFull(): boolean {
    return this.#faults.length >= MOST_FAULTS || this.#passages.length > MOST_CORPUS_PASSAGES;
  }

  read(lines: readonly string[]): void {
    if (this.#kind === 'text') {
      for (const { line, passage } of paragraphsOf(lines)) {
        for (const piece of piecesOf(passage)) this.#add(line, piece);
        if (this.#isFull) return;
      }
      return;
    }
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== '') this.#readLine(index + 1, line);
      if (this.#isFull) return;
    }
  }

  result(): Corpus {
    if (this.#faults.length > 0) return { ok: false, faults: this.#faults.slice(0, MOST_FAULTS) };
    if (this.#passages.length === 0)
      return refused('holds no passage; write text with blank lines between passages, or JSON like {"text": "..."}');
    return { ok: true, kind: this.#kind, passages: this.#passages, repeated: this.#repeated };
  }

  #readLine(line: number, json: string): void {
    const found = jsonOf(json, 'a passage');
    if ('fault' in found) {
      const other = line === 1 || this.#passages.length === 0 ? '; a text begins with anything but a brace' : '';
      this.#fault(line, null, `${found.fault}${other}`);
      return;
    }
    const parsed = lineSchema.safeParse(found.value);
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues) this.#fault(line, fieldOf(path), message);
      return;
    }
    const { text: passage, title } = parsed.data;
    this.#add(line, title === undefined ? passage.trim() : `${title.trim()}: ${passage.trim()}`);
  }

  #add(line: number, passage: string): void {
    const key = keyOf(passage);
    if (this.#keys.has(key)) {
      this.#repeated += 1;
      return;
    }
    this.#keys.add(key);
    this.#passages.push(passage);
    if (this.#passages.length === MOST_CORPUS_PASSAGES + 1)
      this.#fault(
        line,
        null,
        `has passage ${MOST_CORPUS_PASSAGES + 1}; at most ${MOST_CORPUS_PASSAGES} are read, so leave some out`,
      );
  }

  #fault(line: number, field: string | null, message: string): void {
    this.#faults.push({ line, field, message });
  }
}

function refused(message: string): Corpus {
  return { ok: false, faults: [{ line: null, field: null, message }] };
}

interface Heading {
  /** From 1, the outermost. */
  readonly level: number;
  /** As it is written. */
  readonly text: string;
  readonly line: number;
}

interface Paragraph {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly passage: string;
}

/**
 * What stands between blank lines, each with the headings right before it. Headings are those of Markdown: `#` to
 * `######`, or a line underlined with `=` or `-`. One under which nothing stands is a passage of its own.
 */
function* paragraphsOf(lines: readonly string[]): Generator<Paragraph> {
  let headings: Heading[] = [];
  let block: string[] = [];
  let start = 1;

  function* withText(text: string): Generator<Paragraph> {
    const all = [...headings.map((heading) => heading.text), text];
    const line = headings[0]?.line ?? start;
    headings = [];
    yield { line, passage: all.join('\n') };
  }
  function* withHeading(heading: Heading): Generator<Paragraph> {
    // Nothing stood under the one before.
    const last = headings.at(-1);
    if (last !== undefined && heading.level <= last.level) yield* lone();
    headings.push(heading);
  }
  function* lone(): Generator<Paragraph> {
    if (headings.length === 0) return;
    const [{ line }] = headings;
    const passage = headings.map((heading) => heading.text).join('\n');
    headings = [];
    yield { line, passage };
  }
  function* ended(): Generator<Paragraph> {
    const text = block.join('\n').trim();
    const isHeading = block.length === 2 && UNDERLINE.test(block[1]);
    const level = block[1]?.includes('=') ? 1 : 2;
    block = [];
    // A rule of dashes or stars says nothing.
    if (!SAYS_SOMETHING.test(text)) return;
    yield* isHeading ? withHeading({ level, text, line: start }) : withText(text);
  }

  for (const [index, line] of lines.entries()) {
    const mark = HEADING.exec(line);
    if (mark !== null || line.trim() === '') yield* ended();
    if (mark !== null) yield* withHeading({ level: mark[1].length, text: line.trim(), line: index + 1 });
    else if (line.trim() !== '') {
      if (block.length === 0) start = index + 1;
      block.push(line.trimEnd());
    }
  }
  yield* ended();
  yield* lone();
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+\S/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** A passage in pieces of at most `MOST_PARAGRAPH`: whole sentences, else whole lines, else whole words. */
function* piecesOf(passage: string): Generator<string> {
  let from = 0;
  while (passage.length - from > MOST_PARAGRAPH) {
    // One more, to see whether what ends there is followed by a space.
    const size = sizeOf(passage.slice(from, from + MOST_PARAGRAPH + 1));
    const piece = passage.slice(from, from + size).trim();
    if (piece !== '') yield piece;
    from += size;
  }
  const rest = passage.slice(from).trim();
  if (rest !== '') yield rest;
}

/** Units of the first piece of a text that is longer than a piece may be; at least 1. */
function sizeOf(window: string): number {
  for (const end of [SENTENCE_END, LINE_END, WORD_END]) {
    let last = 0;
    for (const { 0: mark, index } of window.matchAll(end)) {
      if (index + mark.length > MOST_PARAGRAPH) break;
      last = index + mark.length;
    }
    if (last > 0) return last;
  }
  // No half of a character.
  return /[\uD800-\uDBFF]/.test(window[MOST_PARAGRAPH - 1]) ? MOST_PARAGRAPH - 1 : MOST_PARAGRAPH;
}

const SENTENCE_END = /[.!?…]["'”’»)\]]*(?=\s)|[。！？][”’」』）]*/g;
const LINE_END = /(?<=\S)\n/g;
const WORD_END = /(?<=\S)\s/g;
