/**
 * Texts within Markdown that come back as they were. Written are CommonMark's own escapes: a backslash before
 * punctuation, numeric character references, and code spans fenced by more backticks than they hold.
 */

import { cutText } from './cutText.ts';

/** What would end a section or change it: a heading, the line under one, a fence. */
const MARKS = /^(\s*)(#|```|~~~|-+\s*$|=+\s*$)/gm;
const ESCAPES = /\\([!-/:-@[-`{-~])|&#(\d{1,7});/g;
const MOST_CODE_POINT = 0x10ffff;

const reference = (characters: string): string => Array.from(characters, (c) => `&#${c.codePointAt(0)};`).join('');

/** A text as lines of Markdown of which none is a heading or a fence, without white space at either end. */
export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/&(?=[#A-Za-z])/g, '\\&')
    .replaceAll(MARKS, '$1\\$2')
    .replaceAll(/^\s+|\s+$/g, reference)
    .replaceAll('\r', reference);
}

/** The text that `escaped` was given, or what other Markdown says literally. */
export function unescaped(markdown: string): string {
  return markdown.replaceAll(ESCAPES, (whole, sign: string | undefined, code: string | undefined) => {
    if (sign !== undefined) return sign;
    const point = Number(code);
    return point <= MOST_CODE_POINT ? String.fromCodePoint(point) : whole;
  });
}

/** A text on one line, for where nobody reads it back, cut where it is long. */
export function inOneLine(text: string, most = 200): string {
  return cutText(text.replaceAll(/\s+/g, ' ').trim(), most);
}

/** A code span. @param text without line breaks, not empty */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const isPadded = /^`|`$/.test(text) || (/^ .* $/.test(text) && text.trim() !== '');
  return isPadded ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** The texts of a list of code spans with commas between them; null where it is none. */
export function readCodeSpans(line: string): readonly string[] | null {
  const texts: string[] = [];
  let rest = line.trim();
  for (;;) {
    const fence = /^`+/.exec(rest)?.[0];
    if (fence === undefined) return null;
    const end = endOfSpan(rest, fence.length);
    if (end < 0) return null;
    const inner = rest.slice(fence.length, end);
    texts.push(/^ .* $/.test(inner) && inner.trim() !== '' ? inner.slice(1, -1) : inner);
    rest = rest.slice(end + fence.length);
    if (rest === '') return texts;
    const comma = /^,\s*/.exec(rest)?.[0];
    if (comma === undefined) return null;
    rest = rest.slice(comma.length);
  }
}

/** Where the run of as many backticks begins that ends a span; -1 where there is none. */
function endOfSpan(text: string, fence: number): number {
  for (const { 0: run, index } of text.slice(fence).matchAll(/`+/g)) if (run.length === fence) return index + fence;
  return -1;
}
