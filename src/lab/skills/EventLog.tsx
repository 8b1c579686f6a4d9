/** Everything that happened to the library, in order: the table behind the chart, and who did what. */
import { type ReactNode, useState } from 'react';
import type { EvolutionEvent } from '../../evolution/events.ts';
import { percent, signed } from '../flow/figures.ts';
import { EventGlyph } from './EventGlyph.tsx';
import { byWords, titleOf } from './eventWords.ts';
import { type Numbered, numbered } from './history.ts';

interface EventLogProps {
  readonly events: readonly EvolutionEvent[];
  readonly chosen: number | null;
  readonly onEvent: (event: number) => void;
}

const SHOWN = { all: 'all', changes: 'changes', person: 'by hand' } as const;

export function EventLog({ events, chosen, onEvent }: EventLogProps): ReactNode {
  const [shown, setShown] = useState<keyof typeof SHOWN>('changes');
  const rows = numbered(events).filter((one) => isShown(one, shown));
  return (
    <div className="skill-panel">
      <fieldset aria-label="Events shown" className="skill-choices">
        {(['changes', 'person', 'all'] as const).map((key) => (
          <button key={key} type="button" aria-pressed={key === shown} onClick={() => setShown(key)}>
            {SHOWN[key]}
          </button>
        ))}
      </fieldset>
      {rows.length === 0 ? (
        <p className="mt-2 text-soft">
          {shown === 'person' ? 'Nothing was changed by hand.' : 'Nothing happened so far.'}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        <section aria-label="Table of events" tabIndex={0} className="mt-1 overflow-x-auto">
          <table className="skill-table min-w-[38rem]">
            <thead>
              <tr>
                <th scope="col">step</th>
                <th scope="col">event</th>
                <th scope="col">by</th>
                <th scope="col" className="skill-number">
                  gain
                </th>
                <th scope="col">best possible</th>
                <th scope="col">reason</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ number, event }) => (
                <tr key={number} aria-current={number === chosen ? 'true' : undefined}>
                  <td className="whitespace-nowrap">
                    <button type="button" className="underline" onClick={() => onEvent(number)}>
                      {event.step.toLocaleString('en')}
                      <span className="sr-only">, event {number + 1}</span>
                    </button>
                  </td>
                  <th scope="row">
                    <EventGlyph kind={event.kind} />
                    {titleOf(event)}
                  </th>
                  <td className="whitespace-nowrap">{byWords(event.by)}</td>
                  <td className="skill-number">{event.gate === null ? '–' : signed(event.gate.gain, 3)}</td>
                  <td className="whitespace-nowrap">
                    {percent(event.attainable.before)} <span aria-hidden="true">→</span>
                    <span className="sr-only">to</span> {percent(event.attainable.after)}
                  </td>
                  <td className="text-soft">{event.evidence.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function isShown({ event }: Numbered, shown: keyof typeof SHOWN): boolean {
  if (shown === 'person') return event.by === 'person';
  return shown === 'all' || event.kind !== 'reject';
}
