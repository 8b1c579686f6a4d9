/** What the files of one's own have in common: text in UTF-8 of a bounded size, and faults that name their lines. */
import { z } from 'zod';

export interface FileFault {
  /** From 1; null where it is the file as a whole. */
  readonly line: number | null;
  /** Null where it is the line as a whole. */
  readonly field: string | null;
  /** What is there and what to do. */
  readonly message: string;
}

export const MOST_BYTES = 4 * 1024 * 1024;
export const MOST_FAULTS = 20;

/** A fault as a line of text: `line 3, grader: is "fuzzy"; write exact-match, ...`. */
export function faultText({ line, field, message }: FileFault): string {
  const place = [...(line === null ? ['the file'] : [`line ${line}`]), ...(field === null ? [] : [field])];
  return `${place.join(', ')}${field === null ? ' ' : ': '}${message}`;
}

/**
 * The lines of a file, which end with LF, CRLF or CR; a byte order mark is passed over.
 * @param content bytes in UTF-8, or their text
 * @param smaller what to do about one that is too large
 * @returns what is wrong with the file as a whole where it cannot be read; never throws
 */
export function linesOf(content: Uint8Array | string, smaller: string): readonly string[] | string {
  // A character of UTF-16 is a byte at the least.
  const isLong = typeof content === 'string' && content.length > MOST_BYTES;
  const size = typeof content === 'string' && !isLong ? bytesOf(content) : content.length;
  if (size > MOST_BYTES) return `has ${size} bytes; at most ${MOST_BYTES} are read, so ${smaller}`;
  try {
    const whole = typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
    return whole.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  } catch {
    return 'is not text in UTF-8; save it again in that encoding';
  }
}

/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

/** The value of a line of JSON Lines, or what is wrong with the line. @param what e.g. "a task" */
export function jsonOf(line: string, what: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    const reason = cut((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '), 100);
    return { fault: `is no JSON (${reason}); write ${what} on one line, in braces, with names in quotation marks` };
  }
}

/** A text with something in it, of at most `most` UTF-16 units. */
export function text(what: string, most: number) {
  return z
    .string({ error: ({ input }) => `${held(input)}; write ${what} as a text in quotation marks` })
    .refine((value) => value.trim() !== '', { error: `is empty; write ${what}` })
    .refine((value) => value.length <= most, {
      error: ({ input }) => `has ${String(input).length} characters; at most ${most} are read, so shorten it`,
    });
}

/** What makes two texts one: spaces and the composition of characters do not tell them apart. */
export function keyOf(value: string): string {
  return value.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
}

/** `passages[2]`; null for the line as a whole. */
export function fieldOf(path: readonly PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part + 1}]` : (i > 0 ? '.' : '') + String(part)))
    .join('');
}

/** What stands in a field, in a few words. */
export function held(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === null) return 'is null';
  if (Array.isArray(input)) return 'is a list';
  if (typeof input === 'object') return 'is an object';
  return `is ${typeof input === 'string' ? quoted(input) : String(input)}`;
}

export function quoted(value: string): string {
  return JSON.stringify(cut(value));
}

function cut(value: string, most = 40): string {
  return value.length > most ? `${value.slice(0, most)}…` : value;
}
