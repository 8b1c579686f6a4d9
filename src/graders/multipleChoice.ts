/** Grades the choice that an answer names. */
import { isNegated, markedParts, plain } from './finalAnswer.ts';
import { type Grade, type Grader, gradeOf, MOST_ANSWER, type Question, type QuestionFault, quote } from './grade.ts';

export const MOST_CHOICES = 26;

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Texts that are read as one are equal here: case, width of characters, spaces, what stands around. */
function canonical(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s"'“”‘’]+|[\s"'“”‘’.,;:!]+$/gu, '');
}

/** Where a text stands as a whole: not within a word, not as the digits of a longer number or of one with a sign. */
function wholeIn(choice: string): RegExp {
  const escaped = choice.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const before = /^\d/.test(choice) ? String.raw`(?<![\p{L}\p{N}_/−+-]|\d[.,])` : String.raw`(?<![\p{L}\p{N}_])`;
  const after = /\d$/.test(choice) ? String.raw`(?![\p{L}\p{N}_/%^]|[.,]\d)` : String.raw`(?![\p{L}\p{N}_])`;
  return new RegExp(before + escaped + after, 'gu');
}

/**
 * A letter that is meant as one: in parentheses, after `option` or `choice`, or in upper case where no word of a
 * sentence goes on after it. So the article in `A dog` is none.
 */
const LETTER =
  /[([]\s?([A-Za-z])\s?[)\]]|\b(?:option|choice)\s+([A-Za-z])(?![\p{L}\p{N}'’])|(?<![\p{L}\p{N}'’])([A-Z])(?=\s*(?:$|[.,;:)\]/&|\n])|\s+(?:is|and|or)\b)/gu;

interface Pick {
  readonly index: number;
}
type Reading = Pick | { readonly why: string };

function indicesIn(text: string, choices: readonly string[]): ReadonlySet<number> {
  const lone = /^([A-Za-z])[.):]?$/u.exec(text.trim());
  const found = new Set<number>();
  const add = (letter: string): void => {
    const index = letter.toUpperCase().charCodeAt(0) - 65;
    if (index < choices.length) found.add(index);
  };
  if (lone !== null) {
    add(lone[1]);
    return found;
  }
  // Lower case has as many characters as the text, so that places in one are places in the other.
  let rest = text.normalize('NFKC').replaceAll(/\s+/g, ' ');
  const longestFirst = choices.map((choice, index) => ({ choice: canonical(choice), index }));
  longestFirst.sort((a, b) => b.choice.length - a.choice.length || a.index - b.index);
  for (const { choice, index } of longestFirst) {
    const matcher = wholeIn(choice);
    const lower = Array.from(rest, (c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join('');
    for (const match of lower.matchAll(matcher)) {
      found.add(index);
      rest = `${rest.slice(0, match.index)}${'\u0000'.repeat(match[0].length)}${rest.slice(match.index + match[0].length)}`;
    }
  }
  for (const [, inside, named, upper] of rest.replaceAll('\u0000', ';').matchAll(LETTER)) add(inside ?? named ?? upper);
  return found;
}

/** Whether the text turns round what it names, the texts of choices aside. */
function isTurned(text: string, choices: readonly string[]): boolean {
  let rest = canonical(text);
  for (const choice of choices.map(canonical)) rest = rest.replaceAll(wholeIn(choice), ' ');
  return isNegated(rest);
}

/** The one choice that an answer names. */
function read(answer: string, choices: readonly string[]): Reading {
  if (answer.length > MOST_ANSWER)
    return { why: `The answer has ${answer.length} characters, and at most ${MOST_ANSWER} are read.` };
  // The text of a choice, and nothing else, is that choice, whatever it holds.
  const whole = choices.findIndex((choice) => canonical(choice) === canonical(answer));
  if (whole !== -1) return { index: whole };
  const text = plain(answer);
  const marked = markedParts(text);
  const parts = marked.length > 0 ? marked : [text];
  const where = marked.length > 0 ? 'The part marked as the answer' : 'The answer';
  if (parts.some((part) => isTurned(part, choices)))
    return { why: `${where} says what it is not, so no choice is read in it.` };
  const found = [...new Set(parts.flatMap((part) => [...indicesIn(part, choices)]))].sort((a, b) => a - b);
  if (found.length === 0) return { why: `${where} names none of the choices A to ${letterOf(choices.length - 1)}.` };
  if (found.length > 1) return { why: `${where} names more than one choice: ${found.map(letterOf).join(' and ')}.` };
  return { index: found[0] };
}

/** The choice that a right answer of a task names by its text or its letter; -1 where none. */
export function choiceOf(answer: string, choices: readonly string[]): number {
  const byText = choices.findIndex((choice) => canonical(choice) === canonical(answer));
  if (byText !== -1) return byText;
  const letter = answer.trim();
  const index = /^[A-Za-z]$/.test(letter) ? letter.toUpperCase().charCodeAt(0) - 65 : -1;
  return index < choices.length ? index : -1;
}

/**
 * Solved by naming a right choice, by its letter or its text, and no other. The part marked as final counts alone where
 * there is one. No partial credit.
 */
export const multipleChoice: Grader = {
  kind: 'multiple-choice',
  summary: 'The letter or the text of one choice',
  faultOf({ answers, choices = [] }: Question): QuestionFault | null {
    if (choices.length < 2 || choices.length > MOST_CHOICES)
      return {
        field: 'choices',
        message: `holds ${choices.length}; the grader "multiple-choice" needs 2 to ${MOST_CHOICES} texts`,
      };
    const texts = choices.map(canonical);
    for (const [index, text] of texts.entries()) {
      const name = `${letterOf(index)}, ${quote(choices[index])},`;
      if (text === '') return { field: 'choices', message: `${name} says nothing; write a text` };
      const first = texts.indexOf(text);
      if (first !== index)
        return { field: 'choices', message: `${name} reads the same as ${letterOf(first)}; write another text` };
      if (/^[a-z]$/.test(text) && text !== letterOf(index).toLowerCase() && text.charCodeAt(0) - 97 < choices.length)
        return { field: 'choices', message: `${name} is the letter of another choice; write another text` };
    }
    const unknown = answers.find((answer) => choiceOf(answer, choices) === -1);
    return unknown === undefined
      ? null
      : { field: 'answer', message: `is ${quote(unknown)}; write the letter or the text of one of the choices` };
  },
  grade(answer: string, { answers, choices = [] }: Question): Grade {
    if (choices.length === 0) return gradeOf(false, 'The question has no choices.');
    const reading = read(answer, choices);
    if ('why' in reading) return gradeOf(false, reading.why);
    const name = (index: number): string => `${letterOf(index)}, ${quote(choices[index])}`;
    const right = [...new Set(answers.map((text) => choiceOf(text, choices)))].filter((index) => index !== -1);
    const solved = right.includes(reading.index);
    return gradeOf(
      solved,
      solved
        ? `Read ${name(reading.index)}, which is right.`
        : `Read ${name(reading.index)}; the answer is ${right.map(name).join(' or ') || 'none of the choices'}.`,
    );
  },
};
