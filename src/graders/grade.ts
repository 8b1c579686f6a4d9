/** What a grader says of an answer. */
import { cappedCredit } from './cappedCredit.ts';

export interface Grade {
  /** In [0, 1]: 1 where solved, else at most the cap of `cappedCredit`. */
  readonly reward: number;
  readonly solved: boolean;
  /** A sentence or two: what was read in the answer and how it stands to the right one. */
  readonly why: string;
}

/** What an answer is graded against. */
export interface Question {
  /** The right answers; any of them will do. */
  readonly answers: readonly string[];
  /** Of `multiple-choice`: the texts of A, B, C and so on. */
  readonly choices?: readonly string[];
  /** Of `numeric`: the largest relative error. */
  readonly tolerance?: number;
}

export interface Grader {
  readonly kind: string;
  /** One line for the settings panel. */
  readonly summary: string;
  /** What is wrong with a question for this grader, in words that follow its field's name; null where nothing is. */
  faultOf(question: Question): QuestionFault | null;
  /** Never throws, whatever the answer is. */
  grade(answer: string, question: Question): Grade;
}

export interface QuestionFault {
  readonly field: 'answer' | 'choices' | 'tolerance';
  /** What it holds and what it may hold. */
  readonly message: string;
}

/** UTF-16 units of an answer that are read; a longer one is wrong. */
export const MOST_ANSWER = 20_000;
const MOST_QUOTED = 60;

/** @param fraction of an unsolved answer that is right, in [0, 1] */
export function gradeOf(solved: boolean, why: string, fraction = 0): Grade {
  return { reward: cappedCredit(solved, fraction), solved, why };
}

/** Texts as they stand in a sentence of a grade. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line}"`;
}

export function quoteAll(texts: readonly string[]): string {
  return texts.length === 0
    ? 'none'
    : texts.slice(0, 4).map(quote).join(' or ') + (texts.length > 4 ? ' or others' : '');
}
