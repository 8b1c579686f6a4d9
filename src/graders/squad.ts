/**
 * Exact match and token F1 of short answers, as the SQuAD v1.1 evaluation script defines them
 * (Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", section 6.1):
 * both are taken after normalisation, and each is the best over the reference answers.
 */

const ASCII_PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
// A word boundary that knows letters beyond ASCII, which `\b` does not.
const ARTICLES = /(?<![\p{L}\p{N}])(a|an|the)(?![\p{L}\p{N}])/gu;

/** Lower case, no ASCII punctuation, no articles, single spaces: in this order. */
export function normaliseAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(ASCII_PUNCTUATION, '')
    .replace(ARTICLES, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ');
}

/** Whether the answer equals one of the references after normalisation. */
export function exactMatch(answer: string, references: readonly string[]): boolean {
  const normalised = normaliseAnswer(answer);
  return references.some((reference) => normaliseAnswer(reference) === normalised);
}

/** Best harmonic mean, over the references, of precision and recall of tokens counted as a multiset; in [0, 1]. */
export function tokenF1(answer: string, references: readonly string[]): number {
  return references.reduce((best, reference) => Math.max(best, f1(tokens(answer), tokens(reference))), 0);
}

function tokens(text: string): string[] {
  const normalised = normaliseAnswer(text);
  return normalised === '' ? [] : normalised.split(' ');
}

function f1(answer: readonly string[], reference: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of reference) left.set(token, (left.get(token) ?? 0) + 1);
  let same = 0;
  for (const token of answer) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    same++;
  }
  return same === 0 ? 0 : (2 * same) / (answer.length + reference.length);
}
