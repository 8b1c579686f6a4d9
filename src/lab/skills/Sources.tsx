/** The stretches of walks that a plan was lifted from, and the way to these walks in Flow and Credit. */
import type { ReactNode } from 'react';
import type { Skill } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import { splitName } from '../curves/series.ts';
import { count, signed } from '../flow/figures.ts';
import { entryOf, type SourceWalk, type TaskEntry } from '../store/runState.ts';

/** More are behind a summary. */
const SHOWN = 2;

export function Sources({ skill }: { readonly skill: Skill }): ReactNode {
  const { sources } = skill.lineage;
  if (sources.length === 0) return null;
  const rest = sources.slice(SHOWN);
  return (
    <>
      <h3 className="heading">Stretches it came from</h3>
      <p className="text-soft">
        {count(sources.length, 'walk')} of training tasks; what the plan covers is marked, with the credit of those
        steps. Flow and Credit show the walk by the present policy.
      </p>
      <List skill={skill} sources={sources.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary className="w-fit rounded text-soft">{rest.length} more</summary>
          <List skill={skill} sources={rest} />
        </details>
      )}
    </>
  );
}

function List({ skill, sources }: { readonly skill: Skill; readonly sources: Skill['lineage']['sources'] }): ReactNode {
  return (
    <ul className="grid gap-x-5 gap-y-2 sm:grid-cols-2">
      {sources.map((source, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two stretches may be of one task, and their order does not change
        <Source key={i} skill={skill.name} source={source} length={skill.plan.length} />
      ))}
    </ul>
  );
}

function Source(walk: SourceWalk): ReactNode {
  const { source, length } = walk;
  const { text, split, task, actions, first, credit } = source;
  const entry = useLab((state) => entryOf(source, state.run?.tasks ?? []));
  const showWalk = useLab((state) => state.showWalk);
  function show(view: 'flow' | 'credit', task: TaskEntry): void {
    showWalk(view, task, walk);
    // The button is gone with its view.
    document.getElementById(`tab-${view}`)?.focus();
  }
  return (
    <li className="skill-source min-w-0">
      <p className="font-medium break-words">{text}</p>
      <p className="text-[0.92em] text-soft">
        {splitName(split)} task {task + 1}, credit {signed(credit)}
        {entry !== undefined && (
          <>
            {' '}
            <button type="button" className="underline" onClick={() => show('flow', entry)}>
              Flow<span className="sr-only"> of {text}</span>
            </button>{' '}
            <button type="button" className="underline" onClick={() => show('credit', entry)}>
              Credit<span className="sr-only"> of {text}</span>
            </button>
          </>
        )}
      </p>
      <ol>
        {actions.map((action, i) => {
          const covered = i >= first && i < first + length;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: an act is known by its place in the walk
            <li key={i} data-covered={covered} className={covered ? '' : 'text-soft'}>
              {action}
              {covered && <span className="sr-only"> (covered by the plan)</span>}
            </li>
          );
        })}
      </ol>
    </li>
  );
}
