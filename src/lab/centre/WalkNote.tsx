/** The walk that a skill came from, in words: its steps, what the plan covers of them, and how far it can be taken. */
import type { ReactNode } from 'react';
import type { FollowedWalk, Stretch } from '../../skills/followWalk.ts';
import { useLab } from '../context.ts';
import { signed } from '../flow/figures.ts';
import { isCovered, type MarkedWalk } from '../flow/markedWalk.ts';
import { isOpen } from '../store/labState.ts';
import type { SourceWalk } from '../store/runState.ts';
import './walkNote.css';

interface WalkNoteProps {
  readonly walk: SourceWalk;
  /** As the task's graph has it; null where that is not known. */
  readonly found: FollowedWalk | null;
  /** The same for the views; null also where the walk cannot be taken. */
  readonly marked: MarkedWalk | null;
  /** The texts of its steps, where they do not stand elsewhere. */
  readonly steps: readonly string[] | null;
}

export function WalkNote({ walk, found, marked, steps }: WalkNoteProps): ReactNode {
  const hideWalk = useLab((state) => state.hideWalk);
  const setSkills = useLab((state) => state.setSkills);
  const view = useLab((state) => state.view);
  const setView = useLab((state) => state.setView);
  // The buttons go with the note, so the keyboard is led to the tab.
  function goBack(): void {
    setSkills({ chosenSkill: walk.skill });
    setView('skills');
    document.getElementById('tab-skills')?.focus();
  }
  function hide(): void {
    hideWalk();
    document.getElementById(`tab-${view}`)?.focus();
  }
  return (
    <section aria-label={`Where ${walk.skill} came from`} className="walk-note">
      <p role="status">
        The walk that <b>{walk.skill}</b> came from
        <Words walk={walk} found={found} marked={marked} />
      </p>
      <div>
        <button type="button" className="underline" onClick={goBack}>
          Back to the skill
        </button>
        <button type="button" className="underline" onClick={hide}>
          Hide this walk
        </button>
      </div>
      {marked !== null && steps !== null && <Steps marked={marked} texts={steps} />}
    </section>
  );
}

function Words({ walk, found, marked }: Omit<WalkNoteProps, 'steps'>): ReactNode {
  const canAsk = useLab(isOpen);
  const { actions } = walk.source;
  if (found === null) return canAsk ? ': looking for it.' : ': its run is not open here, so its credit is not known.';
  const { followed } = found;
  if (marked === null) {
    const why =
      followed < actions.length
        ? `its step ${followed + 1}, “${actions[followed]}”, is not possible there with the library as it is`
        : 'it ends before the task does';
    return ` cannot be taken any more: ${why}. The task is shown by itself.`;
  }
  const { edges, stretch } = marked;
  return (
    <>
      {stretch.to > stretch.from && (
        <>
          ; its plan covers <b>{stretchWords(stretch)}</b>, whose credit was {signed(walk.source.credit)} then
        </>
      )}
      .{found.edges !== null && !found.known && ` What comes of step ${edges.length} the model was not asked yet.`}
    </>
  );
}

/** `step 3`, `steps 3 and 4`, `steps 2 to 4`. */
function stretchWords({ from, to }: Stretch): string {
  if (to - from === 1) return `step ${to}`;
  return `steps ${from + 1} ${to - from === 2 ? 'and' : 'to'} ${to}`;
}

function Steps({ marked, texts }: { readonly marked: MarkedWalk; readonly texts: readonly string[] }): ReactNode {
  return (
    <ol>
      {marked.edges.map((edge, step) => (
        <li key={edge} data-covered={isCovered(marked, step)}>
          <b>{step + 1}</b> {texts[step]}
          {isCovered(marked, step) && <span className="sr-only"> (covered by the plan)</span>}
        </li>
      ))}
    </ol>
  );
}
