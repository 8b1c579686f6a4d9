/** The last change by hand with its way back, and the plans that a person has forbidden. */
import type { ReactNode } from 'react';
import type { LibraryChange } from '../../skills/libraryChange.ts';
import { planKey } from '../../skills/plan.ts';
import type { Library } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import type { Numbered } from './history.ts';
import { Template } from './Plan.tsx';

/** What takes a change by hand back: to before it, and a plan that it forbade is allowed again. */
export function undoOf({ number, event }: Numbered, { forbidden }: Library): readonly LibraryChange[] {
  const key = planKey(event.skill.plan, event.skill.allows);
  const isGone = event.removed.length > 0 && event.added.length === 0;
  return [
    { kind: 'rollback', event: number },
    ...(isGone && forbidden.includes(key) ? [{ kind: 'allow', plan: key } as const] : []),
  ];
}

export function UndoBar({
  last,
  library,
  fixed,
}: {
  readonly last: Numbered;
  readonly library: Library;
  readonly fixed: string | null;
}): ReactNode {
  const change = useLab((state) => state.changeLibrary);
  const changing = useLab((state) => state.changing);
  return (
    <div role="status" className="mb-2 flex flex-wrap items-center gap-2 rounded-lg bg-flow-soft px-3 py-1">
      <span className="min-w-0 break-words">
        <b>{last.event.skill.name}</b>, step {last.event.step.toLocaleString('en')}: {last.event.evidence.reason}
      </span>
      <button
        type="button"
        className="button bg-panel"
        disabled={fixed !== null || changing}
        title={fixed ?? 'The library as it was before'}
        onClick={() => void change(...undoOf(last, library))}
      >
        Undo
      </button>
    </div>
  );
}

export function Forbidden({ library, fixed }: { readonly library: Library; readonly fixed: string | null }): ReactNode {
  const change = useLab((state) => state.changeLibrary);
  const changing = useLab((state) => state.changing);
  if (library.forbidden.length === 0) return null;
  return (
    <section aria-label="Forbidden plans" className="mt-3">
      <h3 className="heading">Forbidden plans</h3>
      <ul>
        {library.forbidden.map((key) => (
          <li key={key} className="flex items-start justify-between gap-2 py-0.5">
            <span className="skill-line min-w-0 font-mono text-[0.88em] break-words">
              {key
                .split('\n')
                .filter((line) => line !== '')
                .map((line, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
                  <span key={i} className="block">
                    <Template template={line} />
                  </span>
                ))}
            </span>
            <button
              type="button"
              className="button shrink-0"
              disabled={fixed !== null || changing}
              title={fixed ?? 'It may be proposed again'}
              onClick={() => void change({ kind: 'allow', plan: key })}
            >
              Allow again
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
