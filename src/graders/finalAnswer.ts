/** Which part of an answer is marked as the final one. */

/** Marks, the strongest first. Of the strongest that an answer holds all count, of the others none. */
const MARKS: readonly RegExp[] = [
  /\\boxed\{|^\s*####/gmu,
  /\bfinal answer(?: is|\s?[:=])/giu,
  /\banswer(?: is|\s?[:=])/giu,
];
/** Where a marked part ends: with its sentence, its line or its braces, or where a reason begins. */
const END = /[.!?](?=\s|$)|[\n}]|\b(?:because|since|which|where)\b/iu;
/** Words that turn what is said round, so that what is named is not what is meant. */
const NEGATION = /\b(?:not|never|neither|nor|except|cannot|wrong|incorrect|false)\b|n['’]t\b/iu;

/** The answer without the signs of Markdown that stand around words, and with fractions of LaTeX on one line. */
export function plain(answer: string): string {
  return answer
    .replaceAll(/\\[dt]?frac\{([^{}\n]{1,40})\}\{([^{}\n]{1,40})\}/gu, '$1/$2')
    .replaceAll(/\*\*|`|(?<=^|\s)\*(?=\S)|(?<=\S)\*(?=[\s.,;:!?]|$)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '')
    .trim();
}

/** The parts marked as final; empty where nothing is marked. `answer` is `plain`. */
export function markedParts(answer: string): readonly string[] {
  for (const mark of MARKS) {
    const starts = Array.from(answer.matchAll(mark), ({ 0: found, index }) => ({ index, end: index + found.length }));
    if (starts.length === 0) continue;
    return starts.map(({ end }, i) => {
      const part = answer.slice(end, starts[i + 1]?.index).trimStart();
      return part.slice(0, part.match(END)?.index ?? part.length).trim();
    });
  }
  return [];
}

export function isNegated(text: string): boolean {
  return NEGATION.test(text);
}
