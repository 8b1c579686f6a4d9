/** One event of the library, with the evidence it was decided on. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLab } from '../context.ts';
import { fixed as fixedTo } from '../flow/figures.ts';
import { figure } from '../format.ts';
import { EventGlyph } from './EventGlyph.tsx';
import { attainableWords, byWords, gateWords, titleOf } from './eventWords.ts';
import { GateFigure, reachOf } from './GateFigure.tsx';
import type { Numbered } from './history.ts';
import { isChange } from './history.ts';
import { Plan } from './Plan.tsx';

interface EventCardProps extends Numbered {
  /** Shows the skill; undefined where it is not in the library. */
  readonly onShow: (() => void) | undefined;
  readonly onClose: () => void;
  /** Why nothing can be changed by hand; null where it can. */
  readonly fixed: string | null;
}

export function EventCard({ number, event, onShow, onClose, fixed }: EventCardProps): ReactNode {
  const { gate, evidence, skill } = event;
  const { when, cluster, sameness } = evidence;
  const last = when?.losses.at(-1);
  const card = useRef<HTMLElement>(null);
  // It may have been chosen far below.
  useEffect(() => {
    void card.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section ref={card} aria-label="Chosen event" className="skill-panel mt-2">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <h2 className="min-w-0 flex-1 font-semibold break-words">
          <EventGlyph kind={event.kind} />
          {titleOf(event)}
        </h2>
        {onShow !== undefined && (
          <button type="button" className="button" onClick={onShow}>
            Show the skill
          </button>
        )}
        {isChange(event) && <RollBack number={number} step={event.step} fixed={fixed} />}
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="mt-1 grid gap-x-6 gap-y-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]">
        <div>
          <Plan plan={skill.plan} />
          <p className="mt-1 text-soft">
            Event {number + 1}, step {event.step.toLocaleString('en')}, decided by {byWords(event.by)}.
          </p>
        </div>
        <div className="flex flex-col gap-1">
          <p>{evidence.reason}</p>
          {gate !== null && (
            <div className="flex flex-wrap items-center gap-x-3">
              <GateFigure gate={gate} reach={reachOf([gate])} />
              <span className="whitespace-nowrap">
                {fixedTo(gate.before, 3)} <span aria-hidden="true">→</span>
                <span className="sr-only">to</span> {fixedTo(gate.after, 3)}, {gate.pairs} pairs
              </span>
            </div>
          )}
          {gate !== null && <p className="text-soft">{gateWords(gate, event.kind)}</p>}
          <p className="text-soft">
            {attainableWords(event)}
            {sameness !== null && ` Of where either leads, ${figure(100 * sameness, 2)}% is the same for the two.`}
          </p>
          {when !== null && last !== undefined && (
            <p className="text-soft">
              The phase began {when.plateau ? 'on a plateau' : 'on schedule'}, at a loss of {figure(last)}, with{' '}
              {figure(100 * when.headroom, 2)}% of the training tasks out of reach.
              {cluster !== null &&
                ` ${cluster.triggers} of ${cluster.steps} steps where one can ${cluster.situation} called for more than there was.`}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

/** Takes everything back from this event on; asks in place. */
function RollBack({
  number,
  step,
  fixed,
}: {
  readonly number: number;
  readonly step: number;
  readonly fixed: string | null;
}): ReactNode {
  const [asking, setAsking] = useState(false);
  const change = useLab((state) => state.changeLibrary);
  const changing = useLab((state) => state.changing);
  const later = useLab((state) => state.run?.events.slice(number).filter(isChange).length ?? 0);
  if (!asking) {
    return (
      <button
        type="button"
        className="button"
        disabled={fixed !== null || changing}
        title={fixed ?? 'The library as it was before this event'}
        onClick={() => setAsking(true)}
      >
        Roll back to before it
      </button>
    );
  }
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5" aria-label="Roll back?">
      <span>
        {later === 1 ? 'This change is taken back' : `${later} changes since step ${step} are taken back`}; the
        parameters stay.
      </span>
      <button
        type="button"
        className="button border-minus font-semibold text-minus"
        disabled={changing}
        onClick={() => {
          setAsking(false);
          void change({ kind: 'rollback', event: number });
        }}
      >
        Roll back
      </button>
      <button type="button" className="button" onClick={() => setAsking(false)}>
        Keep it
      </button>
    </fieldset>
  );
}
