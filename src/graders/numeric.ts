/** Grades the number in an answer. */
import { isNegated, markedParts, plain } from './finalAnswer.ts';
import {
  type Grade,
  type Grader,
  gradeOf,
  MOST_ANSWER,
  type Question,
  type QuestionFault,
  quote,
  quoteAll,
} from './grade.ts';

/** Relative error where a question names none: differences of notation and rounding in double precision. */
export const DEFAULT_TOLERANCE = 1e-6;

const VULGAR: Readonly<Record<string, number>> = {
  '½': 1 / 2,
  '⅓': 1 / 3,
  '⅔': 2 / 3,
  '¼': 1 / 4,
  '¾': 3 / 4,
  '⅕': 1 / 5,
  '⅛': 1 / 8,
};

const DIGITS = String.raw`(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?![\d])|\d+)`;
/**
 * A number: sign, currency, then a mixed or plain fraction, or a decimal with thousands separators and a power of ten;
 * then a percent sign. Not within a word (`B12`, `v1.5`).
 */
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_]|[\p{L}_]\p{N}{1,20}[.,])(?<sign>(?<![\p{L}\p{N}])[-−+]\s?)?[$€£¥]?(?<sign2>[-−](?=[\d.]))?(?:` +
    String.raw`(?<whole>${DIGITS})\s+(?<top>\d+)\s?[/⁄]\s?(?<bottom>\d+)` +
    String.raw`|(?<num>${DIGITS})\s?[/⁄]\s?(?<den>${DIGITS})(?![.,]?\d)` +
    String.raw`|(?<before>\d+)?\s?(?<vulgar>[${Object.keys(VULGAR).join('')}])` +
    String.raw`|(?<decimal>${DIGITS}(?:\.\d+)?|\.\d+)(?:[eE](?<e>[+-]?\d+)|\s?[×x*]\s?10\s?(?:\^|\*\*)\s?\(?\{?(?<ten>[-−+]?\d+)\}?\)?)?` +
    String.raw`)(?<percent>\s?%|\s(?:percent|per cent)\b)?`,
  'gu',
);

interface Found {
  /** As it stands in the answer. */
  readonly text: string;
  readonly value: number;
}

/** The numbers of a text in the order they stand in; those beyond the range of doubles are NaN. */
export function numbersIn(text: string): readonly Found[] {
  return Array.from(text.matchAll(NUMBER), ({ 0: found, groups = {} }) => {
    const { sign, sign2, whole, top, bottom, num, den, before, vulgar, decimal, e, ten, percent } = groups;
    let value: number;
    if (whole !== undefined) value = digits(whole) + Number(top) / Number(bottom);
    else if (num !== undefined) value = digits(num) / digits(den);
    else if (vulgar !== undefined) value = Number(before ?? 0) + VULGAR[vulgar];
    // Read as one decimal, so that 1.1e3 is 1100 and not 1.1 times 1000.
    else value = Number(`${decimal.replaceAll(/[,\u00a0\u202f]/g, '')}e${(e ?? ten ?? '0').replace('−', '-')}`);
    const isMinus = /[-−]/.test(sign ?? '') !== (sign2 !== undefined);
    // Adding 0 turns -0 into 0.
    const signed = (isMinus ? -value : value) / (percent === undefined ? 1 : 100) + 0;
    return { text: found.trim(), value: Number.isFinite(signed) ? signed : Number.NaN };
  });
}

function digits(text: string): number {
  return Number(text.replaceAll(/[,\u00a0\u202f]/g, ''));
}

type Reading = { readonly found: Found } | { readonly why: string };

/** The one number that an answer gives. */
function read(answer: string): Reading {
  if (answer.length > MOST_ANSWER)
    return { why: `The answer has ${answer.length} characters, and at most ${MOST_ANSWER} are read.` };
  const text = plain(answer);
  const marked = markedParts(text);
  const parts = marked.length > 0 ? marked : [text];
  const where = marked.length > 0 ? 'The part marked as the answer' : 'The answer';
  if (parts.some(isNegated)) return { why: `${where} says what it is not, so no number is read in it.` };
  const found = parts.flatMap(numbersIn);
  if (found.length === 0) return { why: `${where} holds no number.` };
  const odd = found.find(({ value }) => Number.isNaN(value));
  if (odd !== undefined) return { why: `${quote(odd.text)} is no number that can be compared.` };
  const other = found.find(({ value }) => value !== found[0].value);
  if (other !== undefined)
    return {
      why: `${where} holds different numbers, ${quote(found[0].text)} and ${quote(other.text)}${marked.length > 0 ? '' : ', and none is marked as the final one'}.`,
    };
  return { found: found[0] };
}

function isClose(value: number, right: number, tolerance: number): boolean {
  // Beside 0 there is no relative error; there it is absolute.
  return Math.abs(value - right) <= tolerance * (right === 0 ? 1 : Math.abs(right));
}

/**
 * Solved by a number within the relative tolerance of a right one. An answer gives its only number, or the one marked as
 * final: by `answer is`, `answer:`, `final answer`, `####` or `\boxed{}`. `12%` is 0.12, `1,234` is 1234, `3/4` and
 * `1 3/4` are fractions. No partial credit.
 */
export const numeric: Grader = {
  kind: 'numeric',
  summary: 'The number in the answer, within a relative tolerance',
  faultOf({ answers, tolerance }: Question): QuestionFault | null {
    if (tolerance !== undefined && !(tolerance >= 0 && tolerance < 1))
      return { field: 'tolerance', message: `is ${tolerance}; write a relative error from 0 to below 1, like 0.01` };
    for (const answer of answers) {
      const reading = read(answer);
      if ('why' in reading)
        return { field: 'answer', message: `is ${quote(answer)}; the grader "numeric" needs one number, like 1,234.5` };
    }
    return null;
  },
  grade(answer: string, { answers, tolerance = DEFAULT_TOLERANCE }: Question): Grade {
    const reading = read(answer);
    if ('why' in reading) return gradeOf(false, reading.why);
    const { text, value } = reading.found;
    const solved = answers.some((right) => {
      const reference = read(right);
      return 'found' in reference && isClose(value, reference.found.value, tolerance);
    });
    const readAs = text === `${value}` ? `Read ${quote(text)}` : `Read ${quote(text)} as ${value}`;
    return gradeOf(
      solved,
      solved
        ? `${readAs}, which is the answer ${quoteAll(answers)} within a relative error of ${tolerance}.`
        : `${readAs}; the answer is ${quoteAll(answers)}.`,
    );
  },
};
