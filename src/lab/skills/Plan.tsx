/** A plan, act by act, its variables marked. */
import type { ReactNode } from 'react';
import { planParts } from './planParts.ts';

export function Plan({
  plan,
  small = false,
}: {
  readonly plan: readonly string[];
  readonly small?: boolean;
}): ReactNode {
  return (
    <ol className={`skill-plan ${small ? 'skill-plan-small' : ''}`}>
      {plan.map((template, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same act may stand twice, and its place is what it is known by
        <li key={line}>
          <Template template={template} />
        </li>
      ))}
    </ol>
  );
}

export function Template({ template }: { readonly template: string }): ReactNode {
  return planParts(template).map(({ at, text, variable }) =>
    variable ? (
      <var key={at} title={`${text} stands for one or more words, the same wherever it stands`}>
        {text}
      </var>
    ) : (
      <span key={at}>{text}</span>
    ),
  );
}
