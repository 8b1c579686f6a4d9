/** Everything that happened to the library, in order: the table behind the chart, and who did what. */
import { type ReactNode, useState } from 'react';
import type { EvolutionEvent } from '../../evolution/events.ts';
import { signed } from '../flow/figures.ts';
import { EventGlyph } from './EventGlyph.tsx';
import { AttainableCell, EventTable } from './EventTable.tsx';
import { byWords, titleOf } from './eventWords.ts';
import { type Numbered, numbered } from './history.ts';

interface EventLogProps {
  readonly events: readonly EvolutionEvent[];
  readonly chosen: number | null;
  readonly onEvent: (event: number) => void;
}

const SHOWN = { all: 'all', changes: 'changes', person: 'by hand' } as const;
const COLUMNS = [
  { name: 'event' },
  { name: 'by' },
  { name: 'gain', isNumber: true },
  { name: 'best possible' },
  { name: 'reason' },
];

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
        <EventTable
          label="Table of events"
          columns={COLUMNS}
          rows={rows}
          chosen={chosen}
          onEvent={onEvent}
          cells={(event) => (
            <>
              <th scope="row">
                <EventGlyph kind={event.kind} />
                {titleOf(event)}
              </th>
              <td className="whitespace-nowrap">{byWords(event.by)}</td>
              <td className="skill-number">{event.gate === null ? '–' : signed(event.gate.gain, 3)}</td>
              <AttainableCell attainable={event.attainable} />
              <td className="text-soft">{event.evidence.reason}</td>
            </>
          )}
        />
      )}
    </div>
  );
}

function isShown({ event }: Numbered, shown: keyof typeof SHOWN): boolean {
  if (shown === 'person') return event.by === 'person';
  return shown === 'all' || event.kind !== 'reject';
}
