/** A table of events, one row each, with the step as the way to the event. */
import type { ReactNode } from 'react';
import type { EvolutionEvent } from '../../evolution/events.ts';
import { percent } from '../flow/figures.ts';
import type { Numbered } from './history.ts';

interface EventTableProps {
  readonly label: string;
  /** Of the columns after the step. */
  readonly columns: readonly { readonly name: string; readonly isNumber?: boolean }[];
  readonly rows: readonly Numbered[];
  readonly chosen: number | null;
  readonly onEvent: (event: number) => void;
  /** The cells of a row after the step. */
  readonly cells: (event: EvolutionEvent) => ReactNode;
}

export function EventTable({ label, columns, rows, chosen, onEvent, cells }: EventTableProps): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="mt-1 overflow-x-auto">
      <table className="skill-table min-w-[38rem]">
        <thead>
          <tr>
            <th scope="col">step</th>
            {columns.map(({ name, isNumber = false }) => (
              <th key={name} scope="col" className={isNumber ? 'skill-number' : undefined}>
                {name}
              </th>
            ))}
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
              {cells(event)}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the library allows before and after. */
export function AttainableCell({ attainable: { before, after } }: Pick<EvolutionEvent, 'attainable'>): ReactNode {
  return (
    <td className="whitespace-nowrap">
      {percent(before)} <span aria-hidden="true">→</span>
      <span className="sr-only">to</span> {percent(after)}
    </td>
  );
}
