/** The stretches of walks that a plan was lifted from, and the way to their tasks. */
import type { ReactNode } from 'react';
import type { Skill, SkillSource } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import { splitName } from '../curves/series.ts';
import { count, signed } from '../flow/figures.ts';
import type { TaskEntry } from '../store/runState.ts';

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
        steps.
      </p>
      <List sources={sources.slice(0, SHOWN)} length={skill.plan.length} />
      {rest.length > 0 && (
        <details>
          <summary className="w-fit rounded text-soft">{rest.length} more</summary>
          <List sources={rest} length={skill.plan.length} />
        </details>
      )}
    </>
  );
}

function List({ sources, length }: { readonly sources: readonly SkillSource[]; readonly length: number }): ReactNode {
  return (
    <ul className="grid gap-x-5 gap-y-2 sm:grid-cols-2">
      {sources.map((source, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two stretches may be of one task, and their order does not change
        <Source key={i} source={source} length={length} />
      ))}
    </ul>
  );
}

function Source({ source, length }: { readonly source: SkillSource; readonly length: number }): ReactNode {
  const { text, split, task, actions, first, credit } = source;
  const entry = useLab((state) => entryOf(source, state.run?.tasks ?? []));
  const chooseTask = useLab((state) => state.chooseTask);
  const setView = useLab((state) => state.setView);
  function open(view: 'flow' | 'credit'): void {
    if (entry === undefined) return;
    chooseTask({ split: entry.split, index: entry.index });
    setView(view);
  }
  return (
    <li className="skill-source min-w-0">
      <p className="font-medium break-words">{text}</p>
      <p className="text-[0.92em] text-soft">
        {splitName(split)} task {task + 1}, credit {signed(credit)}
        {entry !== undefined && (
          <>
            {' '}
            <button type="button" className="underline" onClick={() => open('flow')}>
              Flow<span className="sr-only"> of {text}</span>
            </button>{' '}
            <button type="button" className="underline" onClick={() => open('credit')}>
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

/** The task of a stretch among those of the run: it must read the same too, for a skill may come from elsewhere. */
export function entryOf({ suite, split, task, text }: SkillSource, tasks: readonly TaskEntry[]): TaskEntry | undefined {
  return tasks.find((one) => one.suite === suite && one.split === split && one.index === task && one.text === text);
}
