/** The graders, by the names that task files give them. */
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
import { multipleChoice } from './multipleChoice.ts';
import { numeric } from './numeric.ts';
import { exactMatch, normaliseAnswer, tokenF1 } from './squad.ts';

/** Normalisation leaves nothing of `the`, which no answer could then be told from. */
function faultOfTexts({ answers }: Question): QuestionFault | null {
  const empty = answers.find((answer) => normaliseAnswer(answer) === '');
  return empty === undefined
    ? null
    : { field: 'answer', message: `is ${quote(empty)}; nothing is left of it without articles and punctuation` };
}

function tooLong(answer: string): Grade | null {
  return answer.length > MOST_ANSWER
    ? gradeOf(false, `The answer has ${answer.length} characters, and at most ${MOST_ANSWER} are read.`)
    : null;
}

const exact: Grader = {
  kind: 'exact-match',
  summary: 'The same words, apart from case, articles and punctuation',
  faultOf: faultOfTexts,
  grade(answer: string, { answers }: Question): Grade {
    const refused = tooLong(answer);
    if (refused !== null) return refused;
    const solved = exactMatch(answer, answers);
    return gradeOf(
      solved,
      solved
        ? `${quote(answer)} is the answer, apart from case, articles and punctuation.`
        : `${quote(answer)} is not the answer ${quoteAll(answers)}.`,
    );
  },
};

const f1: Grader = {
  kind: 'token-f1',
  summary: 'Words in common with the answer, with capped credit for some of them',
  faultOf: faultOfTexts,
  grade(answer: string, { answers }: Question): Grade {
    const refused = tooLong(answer);
    if (refused !== null) return refused;
    const fraction = tokenF1(answer, answers);
    // The words of the answer in another order are all of its words.
    const solved = fraction === 1;
    return gradeOf(
      solved,
      solved
        ? `${quote(answer)} has the words of the answer and no others.`
        : `${quote(answer)} has a token F1 of ${fraction.toFixed(2)} with ${quoteAll(answers)}.`,
      fraction,
    );
  },
};

export const GRADERS = {
  'exact-match': exact,
  'token-f1': f1,
  numeric,
  'multiple-choice': multipleChoice,
} as const satisfies Record<string, Grader>;

export type GraderKind = keyof typeof GRADERS;

export const GRADER_KINDS = Object.keys(GRADERS) as readonly GraderKind[];

export function graderOf(kind: GraderKind): Grader {
  return GRADERS[kind];
}
