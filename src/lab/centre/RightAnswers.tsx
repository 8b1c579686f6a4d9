/** What is right in the chosen task, for whoever watches. */
import { Fragment, type ReactNode } from 'react';
import { cutText } from '../../skills/cutText.ts';

/** Beyond these the rest is counted: a name may have many spellings, and a text of one's own any length. */
const MOST_ANSWERS = 3;
const MOST_CHARACTERS = 120;

export function RightAnswers({ answers }: { readonly answers: readonly string[] }): ReactNode {
  const others = answers.length - MOST_ANSWERS;
  return (
    <p className="-mt-1 mb-2.5 break-words text-soft">
      Right answer:{' '}
      {answers.slice(0, MOST_ANSWERS).map((answer, i) => (
        <Fragment key={answer}>
          {i > 0 && ' or '}
          <b className="text-ink">{cutText(answer, MOST_CHARACTERS)}</b>
        </Fragment>
      ))}
      {others > 0 && ` or ${others} more`}
    </p>
  );
}
